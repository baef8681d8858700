"""The story of a look at the tenants' health: accounts, the ledger's days, Twilio's lists, days kept, the report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.health_days import HealthDay, add_days, read_days, read_trigger_lags
from tenantry.manifest.load import Loaded
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Report
from tenantry.operations.health.facts import DAY
from tenantry.operations.health.gather import CALLS, Answer, Question, Subject, answer_from_ledger, ask_all
from tenantry.operations.health.report import ABOUT, is_broken, report_tenants
from tenantry.operations.health.values import HealthReport
from tenantry.operations.usage.accounts import TenantAccount, find_accounts
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
        """The first day that is looked at."""
        windows = [tenant.slo.window_days for tenant in self.loaded.tenants.values() if tenant.slo]
        return self.first or (self.now - (max(windows, default=DEFAULT_DAYS) - 1) * DAY).date()


@dataclass(frozen=True)
class Listener:
    """What is told while it goes on: the number of calls, before they are made, and of tenants read."""

    on_plan: Callable[[int, int], None] = lambda _calls, _tenants: None
    on_account: Callable[[int], None] = lambda _: None


@dataclass(frozen=True)
class Health:
    """The answers of all tenants that were asked for, each with its account, and where their days come from."""

    answers: tuple[Answer, ...]
    accounts: tuple[TenantAccount, ...]
    has_kept: bool


def look_at_health(
    request: HealthRequest, session: Session, ledger: Ledger | None, listener: Listener | None = None
) -> Health:
    """Return how tenants fare; keeps what is settled in the ledger. Raises TwilioError, LedgerError."""
    listener = listener or Listener()
    accounts = find_accounts(request.loaded, request.state, session, request.slugs).chosen
    question = Question(request.now, request.first_day, request.most)
    kept = read_days(ledger, session.parent_sid, question.first, request.now.date()) if ledger else {}
    subjects = [_subject(account, request.loaded, kept) for account in accounts]
    if request.offline:
        answers = tuple(answer_from_ledger(subject, question) for subject in subjects)
    else:
        asked = sum(subject.resting is None for subject in subjects)
        listener.on_plan(asked * CALLS, asked)
        answers = ask_all(session, subjects, question, listener.on_account)
        if ledger:
            _keep(ledger, session.parent_sid, answers)
    return Health(_with_lags(_with_drift(request, session, answers), session, ledger, question), accounts, bool(kept))


def make_report(request: HealthRequest, session: Session, health: Health, incident: str | None) -> HealthReport:
    """Return the report of what was found."""
    names = {account.slug: account.name for account in health.accounts}
    tenants = report_tenants((answer.facts, names.get(answer.facts.tenant)) for answer in health.answers)
    return HealthReport(
        format=1,
        stack=request.loaded.stack.name,
        parent=session.parent_sid,
        at=request.now,
        first=request.first_day,
        source="ledger" if request.offline else "twilio_and_ledger" if health.has_kept else "twilio",
        incident=incident,
        tenants=tenants,
        about=ABOUT,
        burning=sum(is_broken(tenant) for tenant in tenants),
        failed=sum(answer.is_failed for answer in health.answers),
        requests=session.traffic.requests,
        throttled=session.traffic.throttled,
    )


def _subject(account: TenantAccount, loaded: Loaded, kept: Mapping[str, tuple[HealthDay, ...]]) -> Subject:
    return Subject(account, loaded.tenants.get(account.slug), kept.get(account.sid or "", ()))


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
