"""Findings that need no comparison: what could not be read, what only people can see, what is too old."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from tenantry.model.record_kind import FILTERED_KINDS, RecordKind
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.finding import make_finding
from tenantry.operations.drift.found import Found
from tenantry.operations.drift.values import Difference, Finding
from tenantry.operations.retention.due import Rule, due_day, is_before, rules_of

GRACE = timedelta(days=1)
"""Records are deleted by a job that runs once a day: one that became too old today is not late yet."""


def report_unreadable(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield what could not be read of an account, with the reason."""
    for what, why in found.unreadable.items():
        yield make_finding(expected, "unreadable", what, account_sid=found.account.sid, reason=why)


def report_attested(expected: Expected) -> Iterator[Finding]:
    """Yield the settings that only the Console shows, with who looked and how many days ago."""
    attested = expected.manifest.attested if expected.manifest else None
    for field, attestation in attested or ():
        if attestation is not None:
            shown = make_finding(
                expected,
                "attested",
                f"attested/{field}",
                differences=(Difference(field=field, wanted=attestation.value, found=None),),
                reason=f"{attestation.by} looked",
            )
            yield shown.model_copy(update={"since": attestation.on, "age_days": (expected.today - attestation.on).days})


def too_old(expected: Expected) -> Mapping[RecordKind, date]:
    """Return the day (UTC) before which no record may be left, for each sort of records that has a rule."""
    return {kind: due_day(rule, expected.today - GRACE) for kind, rule in _rules(expected).items()}


def find_overdue(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield the sorts of records of which the newest that is too old is still there.

    Redacted messages are as they should be where the rule is to redact: the newest of them stands for all.
    """
    rules = _rules(expected)
    for sort, record in found.records.items():
        rule, day = rules[sort], too_old(expected)[sort]
        redacts = rule.action == "redact"
        if (redacts and record.redacted) or not is_before(record.when, day):
            continue
        verb = "redacted" if redacts else "deleted"
        reason = f"{sort} of before {day} are to be {verb}; one of {record.when:%Y-%m-%d} is still there"
        overdue = make_finding(
            expected, "overdue", "retention", sid=record.sid, account_sid=found.account.sid, reason=reason
        )
        keep = Difference(field=f"{sort}.keep_days", wanted=rule.keep_days, found=None)
        yield overdue.model_copy(update={"differences": (keep,)})


def _rules(expected: Expected) -> Mapping[RecordKind, Rule]:
    """Return the rules about kinds whose list takes a date: one call tells whether something is too old."""
    retention = expected.manifest.retention if expected.manifest else None
    return {rule.kind: rule for rule in rules_of(retention) if rule.kind in FILTERED_KINDS}
