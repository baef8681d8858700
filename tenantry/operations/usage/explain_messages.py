"""Messages: the log against the categories sms and mms, by count and by what is billed."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from decimal import Decimal

from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import UsageReading
from tenantry.operations.usage.explain_books import (
    Measure,
    Tally,
    compare,
    explain_corrected,
    explain_deleted,
    explain_unpriced,
    explain_zone,
    is_local,
    tally,
)
from tenantry.operations.usage.values import Comparison, Effect
from tenantry.twilio.log_records import Log, LoggedMessage

CATEGORIES = ("sms", "mms")
NOT_BILLED = frozenset({"failed", "canceled", "accepted", "scheduled", "queued", "sending"})
"""Statuses of messages that no carrier took: they are in the log and not in usage."""
FAILED = "failed, canceled or not sent yet: they are in the log, and Twilio bills no message for them"
UNDELIVERED = "undelivered messages are billed: a carrier took them; they count in both"
SEGMENTS = "a long message is one record of the log and is billed as several segments"


def compare_messages(
    log: Log[LoggedMessage],
    readings: Sequence[UsageReading],
    period: UsagePeriod,
    zone: tzinfo,
    deleted: Sequence[UsageReading],
    earlier: Sequence[UsageReading] = (),
) -> tuple[Comparison, ...]:
    """Return both comparisons; the log holds a day more on both sides, for other time zones."""
    return tuple(_compare(measure, log, readings, period, zone, deleted, earlier) for measure in ("count", "usage"))


def _compare(
    measure: Measure,
    log: Log[LoggedMessage],
    readings: Sequence[UsageReading],
    period: UsagePeriod,
    zone: tzinfo,
    deleted: Sequence[UsageReading],
    earlier: Sequence[UsageReading],
) -> Comparison:
    used = [reading for reading in readings if reading.category in CATEGORIES]
    inside = [message for message in log.records if message.sent is not None and period.holds(message.sent)]
    local = tally([message for message in log.records if is_local(message.sent, period, zone)], _count_as_one)
    billed = [message for message in inside if message.status not in NOT_BILLED]
    quantity_of = _count_as_one if measure == "count" else _read_segments

    def remaining(days: UsagePeriod) -> Tally:
        return tally([message for message in billed if message.sent and days.holds(message.sent)], quantity_of)

    effects = [
        explain_zone(tally(inside, _count_as_one), local, zone),
        tally([message for message in inside if message.status in NOT_BILLED], _count_as_one).effect(
            "messages_not_billed", FAILED, -1
        ),
        _find_undelivered(inside),
        *([_find_long(billed)] if measure == "usage" else []),
        *explain_unpriced(billed),
        *explain_deleted(deleted, remaining, _find_figure(measure)),
        explain_corrected(
            used, [reading for reading in earlier if reading.category in CATEGORIES], _find_figure(measure)
        ),
    ]
    unit = "messages" if measure == "count" else "segments"
    return compare("messages", measure, unit, local, effects, used, _find_figure(measure), is_whole=log.is_whole)


def _find_undelivered(inside: Sequence[LoggedMessage]) -> Effect:
    count = sum(message.status == "undelivered" for message in inside)
    return Effect(name="undelivered", records=count, quantity=Decimal(0), price=Decimal(0), text=UNDELIVERED)


def _find_long(billed: Sequence[LoggedMessage]) -> Effect:
    several = [message for message in billed if message.segments != 1]
    more = Decimal(sum(message.segments - 1 for message in several))
    return Effect(name="segments", records=len(several), quantity=more, price=Decimal(0), text=SEGMENTS)


def _count_as_one(_message: LoggedMessage) -> int:
    return 1


def _read_segments(message: LoggedMessage) -> int:
    return message.segments


def _find_figure(measure: Measure) -> Callable[[UsageReading], Decimal]:
    if measure == "count":
        return lambda reading: reading.count or Decimal(0)
    return lambda reading: reading.usage or Decimal(0)
