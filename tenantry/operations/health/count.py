"""From records to counts: days of messages and errors, and what happened one by one in the last days."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tenantry.ledger.health_days import HealthDay
from tenantry.operations.health.facts import (
    DAY,
    DELIVERED,
    RECIPIENTS_OWN,
    TOO_MANY_REQUESTS,
    UNDELIVERED,
    Outcome,
    Recent,
)
from tenantry.twilio.alerts import KEPT_DAYS, LoggedAlert
from tenantry.twilio.log_records import Log, MessageOutcome


@dataclass
class MessageTally:
    """Messages of a day that the account sent, by what came of them."""

    messages: int = 0
    delivered: int = 0
    undelivered: int = 0
    excluded: int = 0

    def add(self, message: MessageOutcome) -> None:
        """Count one more."""
        self.messages += 1
        self.delivered += message.status in DELIVERED
        if message.status in UNDELIVERED:
            is_own = message.error_code in RECIPIENTS_OWN
            self.excluded += is_own
            self.undelivered += not is_own


def start_of(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC)


def days_between(first: date, last: date) -> Iterable[date]:
    """Return the days from one to another, both included."""
    return (first + number * DAY for number in range((last - first).days + 1))


def first_of_alerts(now: datetime) -> datetime:
    """Return the first moment of which Twilio's Debugger is asked: it keeps 30 days, and refuses an earlier one."""
    return start_of((now - (KEPT_DAYS - 1) * DAY).date())


def known_from(log: Log[MessageOutcome] | Log[LoggedAlert], since: datetime) -> datetime:
    """Return from when on a log is whole: where it was cut, from the day after the oldest record's."""
    if log.is_whole:
        return since
    return start_of(min(record.created for record in log.records).date() + DAY)


def count_days(
    log: Log[MessageOutcome], alerts: Log[LoggedAlert] | None, since: datetime, alerts_since: datetime, last: date
) -> tuple[HealthDay, ...]:
    """Return the days from `since` on that the log has whole; errors only of days that alerts cover."""
    days = days_between(known_from(log, since).date(), last)
    return make_days(days, tally_messages(log.records), alerts, alerts_since)


def tally_messages(messages: Iterable[MessageOutcome]) -> Mapping[date, MessageTally]:
    """Return the counts of each day on which a message was sent."""
    tallies: dict[date, MessageTally] = {}
    for message in messages:
        if message.is_sent:
            tallies.setdefault(message.created.date(), MessageTally()).add(message)
    return tallies


def make_days(
    days: Iterable[date],
    tallies: Mapping[date, MessageTally],
    alerts: Log[LoggedAlert] | None,
    alerts_since: datetime,
) -> tuple[HealthDay, ...]:
    """Return days with their counts; errors only of days that alerts cover, which begin at `alerts_since`."""
    logged = [alert for alert in alerts.records if alert.level == "error"] if alerts else []
    errors = Counter(alert.created.date() for alert in logged)
    throttled = Counter(alert.created.date() for alert in logged if alert.code == TOO_MANY_REQUESTS)
    covered = known_from(alerts, alerts_since) if alerts else None

    def make_day(day: date) -> HealthDay:
        tally, has_errors = tallies.get(day, MessageTally()), covered is not None and start_of(day) >= covered
        return HealthDay(
            day=day,
            messages=tally.messages,
            delivered=tally.delivered,
            undelivered=tally.undelivered,
            excluded=tally.excluded,
            errors=errors[day] if has_errors else None,
            throttled=throttled[day] if has_errors else None,
        )

    return tuple(map(make_day, days))


def gather_recent(log: Log[MessageOutcome], alerts: Log[LoggedAlert] | None, since: datetime, now: datetime) -> Recent:
    """Return what happened one by one since a moment, or since the log is whole."""
    first = since
    if not log.is_whole:
        first = max(first, log.records[-1].created)
    news = [message for message in log.records if message.created >= first]
    outcomes = [(_outcome(message), message.error_code) for message in news]
    return Recent(
        since=min(first, now),
        messages=tuple(outcome for outcome, _ in outcomes if outcome is not None),
        sent=tuple(message.created for message in news if message.is_sent),
        codes=Counter(code or "" for outcome, code in outcomes if outcome is not None and outcome.bad),
        errors=None
        if alerts is None
        else tuple(alert.created for alert in alerts.records if alert.level == "error" and alert.created >= first),
    )


def _outcome(message: MessageOutcome) -> Outcome | None:
    """Return the outcome of a message that was sent; None while it is under way, or for the recipient's doing."""
    if not message.is_sent:
        return None
    if message.status in DELIVERED:
        return Outcome(message.created, 1, 0)
    if message.status in UNDELIVERED and message.error_code not in RECIPIENTS_OWN:
        return Outcome(message.created, 1, 1)
    return None
