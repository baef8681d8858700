"""Asking Twilio how tenants fare: four lists a tenant, many tenants at a time, and only for what the ledger lacks."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenantry.ledger.health_days import HealthDay
from tenantry.model.api_key import key_name
from tenantry.model.tenant import Tenant
from tenantry.operations.health.count import count_days, days_between, gather_recent, start_of
from tenantry.operations.health.facts import DAY, Facts, KeyAge, Recent
from tenantry.operations.usage.accounts import TenantAccount
from tenantry.operations.usage.gather import IN_FLIGHT
from tenantry.twilio.alerts import KEPT_DAYS
from tenantry.twilio.errors import TwilioError
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

    @property
    def resting(self) -> str | None:
        """Why nothing can be asked; None for a tenant with an active account."""
        if self.account.sid is None:
            return self.account.reason
        return None if self.account.status == "active" else f"its account is {self.account.status or 'gone'}"


def first_unknown(kept: Sequence[HealthDay], first: date, today: date) -> date:
    """Return the first day that has to be read: the first gap after the oldest day that is kept, today at the latest.

    Days before the oldest one are not asked for again: they were too many records to read.
    """
    known = {day.day for day in kept}
    oldest = min(known, default=first)
    return next(day for day in (*days_between(max(oldest, first), today), today) if day not in known or day == today)


def ask_all(
    session: Session, subjects: Sequence[Subject], question: Question, on_account: Callable[[int], None]
) -> tuple[Answer, ...]:
    """Return what is known of each; `on_account` is called with the number of tenants read."""
    answers: list[Answer] = []
    pool = ThreadPoolExecutor(IN_FLIGHT)
    try:
        for answer in pool.map(lambda subject: _ask(session, subject, question), subjects):
            answers.append(answer)
            on_account(len(answers))
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
    kept = {day.day for day in subject.kept}
    settled = tuple(day for day in days if day.day not in kept and start_of(day.day) + DAY + SETTLED <= question.now)
    return Answer(facts, sid, settled)


def _read_traffic(
    session: Session, sid: str, subject: Subject, question: Question, unreadable: dict[str, str]
) -> tuple[Days, Recent | None]:
    """Return the days that are known, and what happened in the last ones; the ledger's days go before what is read."""
    now = question.now
    first = first_unknown(subject.kept, question.first, now.date())
    since = start_of(min(first, (now - RECENT).date()))
    alerts_since = max(since, start_of((now - (KEPT_DAYS - 1) * DAY).date()))
    log, alerts = None, None
    with _reading("messages", unreadable):
        log = session.log_records.outcomes(sid, since, question.most)
    with _reading("alerts", unreadable):
        alerts = session.alerts.read_since(sid, alerts_since)
    if log is None:
        return subject.kept, None
    kept = {day.day: day for day in subject.kept}
    read = {day.day: day for day in count_days(log, alerts, since, alerts_since, now.date())}
    days = {**read, **kept}
    wanted = tuple(days[day] for day in sorted(days) if day >= question.first)
    return wanted, gather_recent(log, alerts, since, now)


def _key_ages(session: Session, sid: str, manifest: Tenant | None, now: datetime) -> Iterator[KeyAge]:
    entries = manifest.api_keys if manifest else {}
    limits = {
        key_name(name, generation): entry.rotation.every_days if entry.rotation else KEY_DAYS
        for name, entry in entries.items()
        for generation in entry.generations
    }
    for key in session.api_keys.list(sid):
        if key.created is not None:
            name = key.spec.friendly_name or key.sid
            yield KeyAge(name, max(0, (now - key.created).days), limits.get(name, KEY_DAYS))


@contextmanager
def _reading(what: str, unreadable: dict[str, str]) -> Iterator[None]:
    try:
        yield
    except TwilioError as error:
        unreadable[what] = str(error)
