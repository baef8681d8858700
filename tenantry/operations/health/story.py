"""The story of a look at the tenants' health: accounts, the ledger's days, Twilio's lists, days kept, the report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.health_days import add_days, read_days, read_trigger_lags
from tenantry.manifest.load import Loaded
from tenantry.model.tenant import Tenant
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Report
from tenantry.operations.health.count import start_of
from tenantry.operations.health.facts import DAY
from tenantry.operations.health.gather import RECENT, Answer, Days, Question, Subject, answer_from_ledger, ask_all
from tenantry.operations.health.received import read_received_errors
from tenantry.operations.health.report import ABOUT, is_broken, report_tenants
from tenantry.operations.health.values import HealthReport
from tenantry.operations.usage.accounts import TenantAccount, find_accounts
from tenantry.twilio.http.twilio_clock import ALLOWED, describe_clock_difference
from tenantry.twilio.session import Session

DEFAULT_DAYS = 30
State = Sequence[StateResource] | None


@dataclass(frozen=True)
class HealthRequest:
    """What is asked: which tenants (None is all), when, how many messages of each at most, and whether for drift."""

    loaded: Loaded
    state: State
    slugs: Collection[str] | None
    now: datetime
    most: int
    drift: bool = False
    offline: bool = False
    first: date | None = None
    """First day; left out, that of the longest window of the tenants' objectives."""

    @property
    def first_day(self) -> date:
        """The first day that is looked at, of any tenant."""
        return min(map(self.first_of, self.loaded.tenants.values()), default=self.first_of(None))

    def first_of(self, tenant: Tenant | None) -> date:
        """Return the first day that is looked at of one tenant: its window may be shorter than those of others."""
        days = tenant.slo.window_days if tenant and tenant.slo else DEFAULT_DAYS
        return self.first or (self.now - (days - 1) * DAY).date()


@dataclass(frozen=True)
class Plan:
    """What a look will cost: calls at least, for so many tenants; of some the receiver was told of their errors."""

    calls: int
    tenants: int
    received: int


@dataclass(frozen=True)
class Listener:
    """What is told while it goes on: what it will cost, before that, and the number of tenants read."""

    on_plan: Callable[[Plan], None] = lambda _: None
    on_account: Callable[[int], None] = lambda _: None


@dataclass(frozen=True)
class Health:
    """The answers of all tenants that were asked for, each with its account, and where their days come from."""

    now: datetime
    """By Twilio's clock, where ours is wrong."""
    answers: tuple[Answer, ...]
    accounts: tuple[TenantAccount, ...]
    has_kept: bool


def look_at_health(
    request: HealthRequest, session: Session, ledger: Ledger | None, listener: Listener | None = None
) -> Health:
    """Return how tenants fare; keeps what is settled in the ledger. Raises TwilioError, LedgerError."""
    listener = listener or Listener()
    accounts = find_accounts(request.loaded, request.state, session, request.slugs).chosen
    request = replace(request, now=_correct_clock(request.now, session.clock_ahead()))
    question = Question(request.now, request.first_day, request.most)
    kept = read_days(ledger, session.parent_sid, question.first, request.now.date()) if ledger else {}
    subjects = [_make_subject(request, account, kept) for account in accounts]
    if request.offline:
        answers = tuple(answer_from_ledger(subject, question) for subject in subjects)
    else:
        subjects = _with_received_errors(subjects, session.parent_sid, ledger, question)
        listener.on_plan(_make_plan(subjects))
        answers = ask_all(session, subjects, question, listener.on_account)
        if ledger:
            _keep(ledger, session.parent_sid, answers)
    answers = _with_lags(_with_drift(request, session, answers), session, ledger, question)
    return Health(request.now, answers, accounts, bool(kept))


@dataclass(frozen=True)
class TwilioStatus:
    """What Twilio's status page says: an open incident in a line, and why nothing is known now."""

    incident: str | None = None
    unknown: str | None = None


def make_report(request: HealthRequest, session: Session, health: Health, status: TwilioStatus) -> HealthReport:
    """Return the report of what was found."""
    names = {account.slug: account.name for account in health.accounts}
    tenants = report_tenants((answer.facts, names.get(answer.facts.tenant)) for answer in health.answers)
    return HealthReport(
        format=1,
        stack=request.loaded.stack.name,
        parent=session.parent_sid,
        at=health.now,
        first=replace(request, now=health.now).first_day,
        source="ledger" if request.offline else "twilio_and_ledger" if health.has_kept else "twilio",
        incident=status.incident,
        status_unknown=status.unknown,
        tenants=tenants,
        about=ABOUT,
        burning=sum(is_broken(tenant) for tenant in tenants),
        failed=sum(answer.is_failed for answer in health.answers),
        requests=session.traffic.requests,
        throttled=session.traffic.throttled,
    )


def _make_subject(request: HealthRequest, account: TenantAccount, kept: Mapping[str, Days]) -> Subject:
    manifest = request.loaded.tenants.get(account.slug)
    return Subject(account, manifest, kept.get(account.sid or "", ()), request.first_of(manifest))


def misses_clock(session: Session) -> str | None:
    """Return how our clock differs from Twilio's, as the beginning of a sentence; None where it is right enough."""
    ahead = session.clock_ahead()
    return None if ahead is None else describe_clock_difference(ahead)


def _correct_clock(now: datetime, ahead: timedelta | None) -> datetime:
    """Return the time by Twilio's clock where ours is off by more than a minute: a burn window has 5 of them."""
    return now + ahead if ahead is not None and abs(ahead) > ALLOWED else now


def _with_received_errors(
    subjects: Sequence[Subject], parent: str, ledger: Ledger | None, question: Question
) -> list[Subject]:
    """Return the subjects, with the errors that the receiver was told of where all else but the last days is kept."""
    since = start_of((question.now - RECENT).date())
    received = read_received_errors(ledger, parent, since) if ledger else {}
    return [
        replace(subject, errors=received.get(subject.account.sid or "")) if subject.is_warm(question) else subject
        for subject in subjects
    ]


def _make_plan(subjects: Sequence[Subject]) -> Plan:
    asked = [subject for subject in subjects if subject.resting is None]
    received = sum(subject.errors is not None for subject in asked)
    return Plan(sum(subject.calls for subject in asked), len(asked), received)


def _keep(ledger: Ledger, parent: str, answers: Iterable[Answer]) -> None:
    with ledger.writing():
        for answer in answers:
            if answer.account_sid and answer.settled:
                add_days(ledger, parent, answer.account_sid, answer.facts.tenant, answer.settled)


def _with_drift(request: HealthRequest, session: Session, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    if not request.drift or request.offline:
        return answers
    report = find_drift(request.loaded, request.state, session, request.now.date(), slugs=request.slugs)
    counts = count_drift(report)
    return tuple(
        replace(answer, facts=replace(answer.facts, drift=counts.get(answer.facts.tenant, (0, 0))))
        for answer in answers
    )


def count_drift(report: Report) -> Mapping[str, tuple[int, int]]:
    """Return the findings of high and of low severity of each tenant that has any."""
    counts: dict[str, tuple[int, int]] = {}
    for finding in (finding for group in report.groups for finding in group.findings):
        if finding.tenant is not None and finding.severity != "note":
            high, low = counts.get(finding.tenant, (0, 0))
            is_high = finding.severity == "high"
            counts[finding.tenant] = (high + is_high, low + (not is_high))
    return counts


def _with_lags(
    answers: tuple[Answer, ...], session: Session, ledger: Ledger | None, question: Question
) -> tuple[Answer, ...]:
    lags = read_trigger_lags(ledger, session.parent_sid, question.now - DEFAULT_DAYS * DAY) if ledger else None
    if lags is None:
        return answers
    return tuple(
        replace(answer, facts=replace(answer.facts, lags=lags.get(answer.facts.tenant, ()))) for answer in answers
    )
