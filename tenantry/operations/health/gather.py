"""Asking Twilio how tenants fare: four lists a tenant, many tenants at a time, and only for what the ledger lacks."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Event

from tenantry.ledger.health_days import HealthDay
from tenantry.model.api_key import expand_key
from tenantry.model.tenant import Tenant
from tenantry.operations.health.count import count_days, days_between, first_of_alerts, gather_recent, start_of
from tenantry.operations.health.facts import DAY, Facts, KeyAge, Recent
from tenantry.operations.usage.accounts import TenantAccount
from tenantry.twilio.alerts import LoggedAlert
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.log_records import Log
from tenantry.twilio.session import Session

CALLS = 4
"""Lists of a tenant: messages, alerts, keys, sinks. Of messages and alerts each 1,000 more are a call more."""
SETTLED = timedelta(hours=12)
"""So long after its end a day's messages have a final outcome: Twilio tries ten hours at most."""
RECENT = timedelta(days=3)
"""The longest burn window."""
KEY_DAYS = 365
"""Age at which a key without a `rotation` is to be replaced."""
Days = tuple[HealthDay, ...]


@dataclass(frozen=True)
class Question:
    """What is asked of each tenant; `most` is how many of its messages are read."""

    now: datetime
    first: date
    most: int
    stop: Event = field(default_factory=Event)
    """Set on Ctrl-C: no further list is asked for."""


@dataclass(frozen=True)
class Answer:
    """What is known of a tenant, the days of it that are settled and news, and whether a question failed."""

    facts: Facts
    account_sid: str | None = None
    settled: Days = ()

    @property
    def is_failed(self) -> bool:
        """Whether a question failed that may be answered another time."""
        return bool(self.facts.unreadable)


@dataclass(frozen=True)
class Subject:
    """A tenant that is asked about, its manifest, and its days in the ledger."""

    account: TenantAccount
    manifest: Tenant | None
    kept: Days = ()
    first: date | None = None
    """First day of its own window; None: that of the question."""
    errors: Log[LoggedAlert] | None = None
    """Those of the last days that the receiver was told of; None: Twilio's Debugger is asked."""

    def first_read(self, question: Question) -> date:
        """Return the first day that is read: the first one that is not kept, and in any case the last three."""
        today, recent = question.now.date(), (question.now - RECENT).date()
        gone = deleted_before(self.manifest, today)
        return max(min(first_unknown(self.kept, max(self.first or question.first, gone), today), recent), gone)

    def is_warm(self, question: Question) -> bool:
        """Return whether all but the last days is kept."""
        return self.first_read(question) >= (question.now - RECENT).date()

    @property
    def calls(self) -> int:
        """How many calls it takes at least."""
        return 0 if self.resting is not None else CALLS - (self.errors is not None)

    @property
    def resting(self) -> str | None:
        """Why nothing can be asked; None for a tenant with an active account."""
        if self.account.sid is None:
            return self.account.reason
        return None if self.account.status == "active" else f"its account is {self.account.status or 'gone'}"


def first_unknown(kept: Sequence[HealthDay], first: date, today: date) -> date:
    """Return the first day that has to be read: the first one that is not kept, today at the latest."""
    known = {day.day for day in kept}
    return next(day for day in (*days_between(first, today), today) if day not in known or day == today)


def deleted_before(manifest: Tenant | None, today: date) -> date:
    """Return the day before which retention may have deleted messages, so that a list tells nothing of them."""
    rule = manifest.retention.messages if manifest and manifest.retention else None
    if rule is None or rule.action != "delete":
        return date.min
    return max(today - timedelta(days=rule.keep_days), date.min + DAY)


def ask_all(
    session: Session, subjects: Sequence[Subject], question: Question, on_account: Callable[[int], None]
) -> tuple[Answer, ...]:
    """Return what is known of each; `on_account` is called with the number of tenants read."""
    answers: list[Answer] = []
    pool = ThreadPoolExecutor(THREADS)
    try:
        for answer in pool.map(lambda subject: _ask(session, subject, question), subjects):
            answers.append(answer)
            on_account(len(answers))
    except BaseException:
        question.stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand tenants
    return tuple(answers)


def answer_from_ledger(subject: Subject, question: Question) -> Answer:
    """Return what the ledger alone says of a tenant, without a call."""
    slo = subject.manifest.slo if subject.manifest else None
    facts = Facts(subject.account.slug, question.now, slo, days=subject.kept, resting=subject.resting)
    return Answer(facts, subject.account.sid)


def _ask(session: Session, subject: Subject, question: Question) -> Answer:
    sid = subject.account.sid
    if subject.resting is not None or sid is None:
        return answer_from_ledger(subject, question)
    unreadable: dict[str, str] = {}
    days, recent = _read_traffic(session, sid, subject, question, unreadable)
    keys, sinks = None, None
    if question.stop.is_set():
        return answer_from_ledger(subject, question)
    with _reading("keys", unreadable):
        keys = tuple(_key_ages(session, sid, subject.manifest, question.now))
    with _reading("sinks", unreadable):
        sinks = tuple(sink.spec.description for sink in session.event_sinks.list(sid) if sink.status == "failed")
    facts = Facts(
        tenant=subject.account.slug,
        now=question.now,
        slo=subject.manifest.slo if subject.manifest else None,
        days=days,
        recent=recent,
        keys=keys,
        sinks_failed=sinks,
        unreadable=unreadable,
    )
    return Answer(facts, sid, () if "alerts" in unreadable else _settled_days(days, subject, question.now))


def _settled_days(days: Days, subject: Subject, now: datetime) -> Days:
    """Return the days that are news, and of which nothing is open any more."""
    kept = {day.day for day in subject.kept}
    return tuple(day for day in days if day.day not in kept and start_of(day.day) + DAY + SETTLED <= now)


def _read_traffic(
    session: Session, sid: str, subject: Subject, question: Question, unreadable: dict[str, str]
) -> tuple[Days, Recent | None]:
    """Return the days that are known, and what happened in the last ones; the ledger's days go before what is read."""
    now, since = question.now, start_of(subject.first_read(question))
    alerts_since = max(since, first_of_alerts(now))
    log, alerts = None, None
    with _reading("messages", unreadable):
        log = session.log_records.outcomes(sid, since, question.most)
    if question.stop.is_set():
        return subject.kept, None
    with _reading("alerts", unreadable):
        alerts = session.alerts.read_since(sid, alerts_since) if subject.errors is None else subject.errors
    if log is None:
        return subject.kept, None
    kept = {day.day: day for day in subject.kept}
    read = {day.day: day for day in count_days(log, alerts, since, alerts_since, now.date())}
    days = {**read, **kept}
    wanted = tuple(days[day] for day in sorted(days) if day >= question.first)
    return wanted, gather_recent(log, alerts, since, now)


def _key_ages(session: Session, sid: str, manifest: Tenant | None, now: datetime) -> Iterator[KeyAge]:
    limits: dict[str, int] = {}
    for name, entry in (manifest.api_keys if manifest else {}).items():
        limit = entry.rotation.every_days if entry.rotation else KEY_DAYS
        limits |= {spec.adopt or spec.friendly_name: limit for _, spec in expand_key(name, entry)}
    for key in session.api_keys.list(sid):
        if key.created is not None:
            name = key.spec.friendly_name or key.sid
            limit = limits.get(key.sid, limits.get(name, KEY_DAYS))
            yield KeyAge(name, max(0, (now - key.created).days), limit)


@contextmanager
def _reading(what: str, unreadable: dict[str, str]) -> Iterator[None]:
    try:
        yield
    except TwilioError as error:
        unreadable[what] = str(error)
