"""Calls: the log against the categories calls, calls-client and calls-sip, by count and by what is billed.

What is billed is compared in seconds: minutes of a log are no exact decimals.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from decimal import Decimal

from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import EXACT, UsageReading
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
from tenantry.twilio.log_records import Log, LoggedCall

CATEGORIES = ("calls", "calls-client", "calls-sip")
NOT_BILLED = frozenset({"failed", "busy", "no-answer", "canceled", "queued", "ringing", "in-progress"})
"""Statuses of calls that nobody answered or that have not ended: they are in the log and not in usage."""
MINUTE = 60
FAILED = "failed, busy, not answered, canceled or not ended: they are in the log and not in usage"
ROUNDED = "each call is billed in whole minutes, begun ones included; the log has its seconds"
APART = "calls of clients and of SIP are in one log with all others, and are categories of their own in usage"
STARTED = "calls that ended after the period: a call belongs to the day on which it started; they count in both"


def compare_calls(
    log: Log[LoggedCall],
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
    log: Log[LoggedCall],
    readings: Sequence[UsageReading],
    period: UsagePeriod,
    zone: tzinfo,
    deleted: Sequence[UsageReading],
    earlier: Sequence[UsageReading],
) -> Comparison:
    quantity_of = _count_as_one if measure == "count" else _read_seconds
    used = [reading for reading in readings if reading.category in CATEGORIES]
    inside = [call for call in log.records if call.started is not None and period.holds(call.started)]
    local = tally([call for call in log.records if is_local(call.started, period, zone)], quantity_of)
    billed = [call for call in inside if call.status not in NOT_BILLED]

    def remaining(days: UsagePeriod) -> Tally:
        return tally([call for call in billed if call.started and days.holds(call.started)], quantity_of)

    effects = [
        explain_zone(tally(inside, quantity_of), local, zone),
        tally([call for call in inside if call.status in NOT_BILLED], quantity_of).effect(
            "calls_not_billed", FAILED, -1
        ),
        *([_round_up(billed)] if measure == "usage" else []),
        _count_in_both("client_and_sip", [call for call in billed if call.medium != "phone"], APART),
        _count_in_both("day_of_start", [call for call in billed if call.ended and call.ended >= period.end], STARTED),
        *explain_unpriced(billed),
        *explain_deleted(deleted, remaining, _find_figure(measure)),
        explain_corrected(
            used, [reading for reading in earlier if reading.category in CATEGORIES], _find_figure(measure)
        ),
    ]
    unit = "calls" if measure == "count" else "seconds"
    return compare("calls", measure, unit, local, effects, used, _find_figure(measure), is_whole=log.is_whole)


def _round_up(billed: Sequence[LoggedCall]) -> Effect:
    begun = [call for call in billed if call.seconds % MINUTE]
    more = Decimal(sum(-call.seconds % MINUTE for call in begun))
    return Effect(name="rounding", records=len(begun), quantity=more, price=Decimal(0), text=ROUNDED)


def _count_in_both(name: str, calls: Sequence[LoggedCall], text: str) -> Effect:
    return Effect(name=name, records=len(calls), quantity=Decimal(0), price=Decimal(0), text=text)


def _count_as_one(_call: LoggedCall) -> int:
    return 1


def _read_seconds(call: LoggedCall) -> int:
    return call.seconds


def _find_figure(measure: Measure) -> Callable[[UsageReading], Decimal]:
    if measure == "count":
        return lambda reading: reading.count or Decimal(0)
    return lambda reading: EXACT.multiply(reading.usage or Decimal(0), Decimal(MINUTE))
