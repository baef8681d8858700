"""When a record is due: the one definition, which the job and the drift report share.

Days are UTC. A record of day D under a rule of N days is kept through the whole day D + N, and is due after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from tenantry.model.record_kind import RECORD_KINDS, RecordAction, RecordKind
from tenantry.model.retention import RetentionEntry

UNFINISHED: Final = frozenset(
    {
        *("accepted", "scheduled", "queued", "sending", "receiving"),  # messages
        *("ringing", "in-progress"),  # calls, transcriptions
        *("paused", "processing"),  # recordings
    }
)
"""Statuses in which Twilio refuses a deletion (20009); one that it invents tomorrow, Twilio judges itself."""
LONGEST_UNFINISHED: Final = timedelta(days=14)
"""So long Twilio may take to end a record (its page on error 20009); a due one that takes longer is a failure."""

Verdict = Literal["due", "kept", "unfinished", "stuck", "held", "foreign", "undated"]
"""What becomes of a record; only `due` is acted on."""


@dataclass(frozen=True)
class Reconciled:
    """Which records are not needed any more to explain a statement."""

    closed_months: frozenset[str]
    """Months whose statements are closed in the ledger, as `2026-03`, in UTC."""
    billed_from: date | None = None
    """Nothing of before this day is billed."""

    def has(self, when: datetime) -> bool:
        """Return whether the statement about an instant is closed, or there will never be one."""
        day = when.astimezone(UTC).date()
        return f"{day:%Y-%m}" in self.closed_months or (self.billed_from is not None and day < self.billed_from)


@dataclass(frozen=True)
class Rule:
    """How long records of one kind are kept, and what then happens."""

    kind: RecordKind
    keep_days: int
    action: RecordAction = "delete"
    reconciled: Reconciled | None = None
    """Of a tenant whose records wait for their statements, which of them need not wait any more."""


@dataclass(frozen=True)
class Fact:
    """What is judged of a record, as a page of Twilio's shows it."""

    account_sid: str
    when: datetime | None
    """When it was sent, ended or made; None where Twilio does not say."""
    status: str


def rules_of(retention: RetentionEntry | None) -> tuple[Rule, ...]:
    """Return the rules of a tenant, in the order of the kinds."""
    found = ((kind, getattr(retention, kind, None)) for kind in RECORD_KINDS)
    return tuple(Rule(kind, keep.keep_days, getattr(keep, "action", "delete")) for kind, keep in found if keep)


def wait_for_statements(rules: Iterable[Rule], reconciled: Reconciled) -> tuple[Rule, ...]:
    """Return the rules as those of a tenant whose records wait for their statements."""
    return tuple(replace(rule, reconciled=reconciled) for rule in rules)


def due_day(rule: Rule, today: date) -> date:
    """Return the day (UTC) of which records are kept; those of before it are due."""
    # A rule may be older than the calendar.
    return date.min if rule.keep_days > (today - date.min).days else today - timedelta(days=rule.keep_days)


def is_before(when: datetime | None, day: date) -> bool:
    """Return whether an instant lies before a day of UTC begins; one that nobody knows does not."""
    return when is not None and when < datetime.combine(day, time(), UTC)


def is_stuck(rule: Rule, when: datetime | None, today: date) -> bool:
    """Return whether Twilio has had its time to end a record, and it is still not at its end."""
    day = due_day(rule, today)
    return day - date.min > LONGEST_UNFINISHED and is_before(when, day - LONGEST_UNFINISHED)


def judge(rule: Rule, fact: Fact, account_sid: str, today: date, *, is_held: bool) -> Verdict:
    """Return what becomes of a record that an account's list shows; today is by Twilio's clock."""
    if fact.account_sid != account_sid:
        return "foreign"
    if fact.when is None:
        return "undated"
    if not is_before(fact.when, due_day(rule, today)):
        return "kept"
    if rule.reconciled is not None and not rule.reconciled.has(fact.when):
        return "kept"
    if is_held:
        return "held"
    if fact.status in UNFINISHED:
        return "stuck" if is_stuck(rule, fact.when, today) else "unfinished"
    return "due"
