"""From records to counts: days of messages and errors, and what happened one by one in the last days."""

from collections.abc import Iterable, Sequence
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
from tenantry.twilio.alerts import LoggedAlert
from tenantry.twilio.log_records import Log, MessageOutcome


def start_of(day: date) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time(), UTC)


def days_between(first: date, last: date) -> Iterable[date]:
    """Return the days from one to another, both included."""
    return (first + number * DAY for number in range((last - first).days + 1))


def known_from(log: Log[MessageOutcome], since: datetime) -> datetime:
    """Return from when on a log is whole: where it was cut, from the day after the oldest record's."""
    if log.is_whole:
        return since
    return start_of(log.records[-1].created.date() + DAY)


def count_days(
    log: Log[MessageOutcome], alerts: Log[LoggedAlert] | None, since: datetime, alerts_since: datetime, last: date
) -> tuple[HealthDay, ...]:
    """Return the days from `since` on that the log has whole; errors only of days that alerts cover."""
    first = known_from(log, since)
    by_day: dict[date, list[MessageOutcome]] = {}
    for message in (message for message in log.records if message.is_sent):
        by_day.setdefault(message.created.date(), []).append(message)
    errors: dict[date, list[LoggedAlert]] = {}
    for alert in alerts.records if alerts else ():
        if alert.level == "error":
            errors.setdefault(alert.created.date(), []).append(alert)
    covers_errors = alerts is not None and alerts.is_whole
    return tuple(
        _day(day, by_day.get(day, ()), errors.get(day, ()) if covers_errors and start_of(day) >= alerts_since else None)
        for day in days_between(first.date(), last)
    )


def gather_recent(log: Log[MessageOutcome], alerts: Log[LoggedAlert] | None, since: datetime, now: datetime) -> Recent:
    """Return what happened one by one since a moment, or since the log is whole."""
    first = since
    if not log.is_whole:
        first = max(first, log.records[-1].created)
    outcomes = (_outcome(message) for message in log.records if message.created >= first)
    return Recent(
        since=min(first, now),
        messages=tuple(outcome for outcome in outcomes if outcome is not None),
        sent=tuple(message.created for message in log.records if message.is_sent and message.created >= first),
        errors=None
        if alerts is None
        else tuple(alert.created for alert in alerts.records if alert.level == "error" and alert.created >= first),
    )


def _day(day: date, messages: Sequence[MessageOutcome], alerts: Sequence[LoggedAlert] | None) -> HealthDay:
    failed = [message for message in messages if message.status in UNDELIVERED]
    excluded = sum(message.error_code in RECIPIENTS_OWN for message in failed)
    return HealthDay(
        day=day,
        messages=len(messages),
        delivered=sum(message.status in DELIVERED for message in messages),
        undelivered=len(failed) - excluded,
        excluded=excluded,
        errors=None if alerts is None else len(alerts),
        throttled=None if alerts is None else sum(alert.code == TOO_MANY_REQUESTS for alert in alerts),
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
