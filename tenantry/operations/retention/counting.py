"""Counting what is due of one tenant, under each of its rules, and comparing the guards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_marks import read_marks
from tenantry.ledger.statements import list_closed_months
from tenantry.ledger.values import StackRef
from tenantry.model.record_kind import RecordKind
from tenantry.model.tenant import Tenant
from tenantry.operations.retention.due import Reconciled, Rule, wait_for_statements
from tenantry.operations.retention.guards import Limits, records_to_see, refuse_share
from tenantry.operations.retention.ledger_thread import LedgerThread
from tenantry.operations.retention.marks import cleared_mark, scanned_mark
from tenantry.operations.retention.survey import RuleSurvey, count_up_to, scope_of, survey_rule
from tenantry.operations.retention.targets import Target
from tenantry.twilio.aging_records import AgingRecords
from tenantry.twilio.errors import TwilioError

SCAN_AGAIN: Final = timedelta(days=7)
"""So often every message and call is looked at: those that were never sent have no date that Twilio filters by."""
SCANNED: Final[frozenset[RecordKind]] = frozenset({"messages", "calls"})
NO_LEDGER = "its records wait for their statements (after_reconciliation), and no ledger is there to ask"


@dataclass(frozen=True)
class Counting:
    """What counting needs of a run."""

    records: AgingRecords
    ledger: LedgerThread | None
    stack: StackRef
    today: date
    limits: Limits


@dataclass(frozen=True)
class CountedTarget:
    """What is due of one tenant. A failure ends it: what was counted before that is in `surveys`."""

    target: Target
    surveys: tuple[RuleSurvey, ...]
    left_out: Mapping[RecordKind, str] = field(default_factory=dict)
    """Why nothing may be done under a rule."""
    failure: str | None = None

    @property
    def due(self) -> int:
        """How many records may be deleted."""
        return sum(survey.tally.due for survey in self.surveys if survey.rule.kind not in self.left_out)


def count_target(counting: Counting, target: Target, tenant: Tenant, *, is_whole: bool) -> CountedTarget:
    """Count what is due under each rule; a failure is a value."""
    ledger, surveys = counting.ledger, list[RuleSurvey]()
    left_out: dict[RecordKind, str] = {}
    try:
        marks = ledger.ask(lambda opened: read_marks(opened, counting.stack.parent, target.slug)) if ledger else {}
        rules, reason = _reconciled_rules(counting, target, tenant)
        for rule in rules:
            survey = _survey(counting, target, rule, marks, is_whole=is_whole)
            surveys.append(survey)
            if (guard := reason or _refuse_share(counting, target, survey)) is not None:
                left_out[rule.kind] = guard
    except TwilioError as error:
        return CountedTarget(target, tuple(surveys), left_out, str(error))
    return CountedTarget(target, tuple(surveys), left_out)


def _reconciled_rules(counting: Counting, target: Target, tenant: Tenant) -> tuple[tuple[Rule, ...], str | None]:
    """Return the rules, with what waits for statements, and why nothing may be done at all."""
    if tenant.retention is None or not tenant.retention.after_reconciliation:
        return target.rules, None
    if counting.ledger is None:
        return target.rules, NO_LEDGER

    def closed_months(ledger: Ledger) -> frozenset[str]:
        return frozenset(list_closed_months(ledger, counting.stack, target.slug))

    reconciled = Reconciled(counting.ledger.ask(closed_months), tenant.billed_from)
    return wait_for_statements(target.rules, reconciled), None


def _survey(counting: Counting, target: Target, rule: Rule, marks: Mapping[str, str], *, is_whole: bool) -> RuleSurvey:
    scanned, cleared = marks.get(scanned_mark(rule)), marks.get(cleared_mark(rule))
    is_recent = scanned is not None and counting.today - date.fromisoformat(scanned) < SCAN_AGAIN
    is_whole = is_whole or (rule.kind in SCANNED and not is_recent)
    # What is redacted stays in the list, so only the days since are read. What is deleted does not: all is read.
    since = date.fromisoformat(cleared) - timedelta(days=1) if cleared and rule.action == "redact" else None
    scope = scope_of(rule, counting.today, is_whole=is_whole, since=since)
    return survey_rule(counting.records, target.account_sid, rule, counting.today, scope)


def _refuse_share(counting: Counting, target: Target, survey: RuleSurvey) -> str | None:
    due = survey.tally.due
    wanted, seen = records_to_see(due, counting.limits), survey.tally.seen
    if wanted > seen and not survey.scope.is_whole:
        seen = count_up_to(counting.records, target.account_sid, survey.rule, counting.today, wanted)
    return refuse_share(due, seen, counting.limits)
