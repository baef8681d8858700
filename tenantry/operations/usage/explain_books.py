"""Two books of one thing: what the log adds up to, what moves it, and what usage says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Literal, TypeVar

from tenantry.model.usage_period import DAY, UsagePeriod
from tenantry.model.usage_reading import EXACT, UsageReading, add_exactly
from tenantry.operations.usage.values import Comparison, Effect, LogName
from tenantry.twilio.log_records import LoggedCall, LoggedMessage

R = TypeVar("R", LoggedMessage, LoggedCall)
Measure = Literal["count", "usage"]
ZONE = "days in {zone} begin at another hour than days of usage, which are days of UTC"
NO_ZONE = "days of usage are days of UTC, and so are these; the Console shows local days: see --time-zone"
UNKNOWN_PRICE = "Twilio has not told their price yet: it is a part of what is unexplained"
CORRECTED = "Twilio corrected usage after the reading of {as_of:%Y-%m-%d %H:%M} UTC, and leaves logs as they are"
NO_EARLIER = (
    "Twilio may correct usage later and leaves logs as they are: an earlier reading in the ledger shows by how much"
)
DELETED = "records of before {day} are deleted by the retention rule; this is the usage of those days less what is left"


@dataclass(frozen=True)
class Tally:
    """What some records come to."""

    records: int
    quantity: Decimal
    price: Decimal

    def effect(self, name: str, text: str, sign: int = 1) -> Effect:
        """Return it as an effect, or taken away where the sign is -1."""
        quantity, price = (EXACT.plus(EXACT.multiply(figure, Decimal(sign))) for figure in (self.quantity, self.price))
        return Effect(name=name, records=self.records, quantity=quantity, price=price, text=text)


def tally(records: Iterable[R], quantity_of: Callable[[R], int]) -> Tally:
    """Return what records come to; an unknown price adds nothing."""
    found = tuple(records)
    prices = add_exactly(record.price for record in found if record.price is not None)
    return Tally(len(found), Decimal(sum(map(quantity_of, found))), prices)


def subtract(more: Tally, fewer: Tally) -> Tally:
    """Return the difference of two tallies."""
    return Tally(
        more.records - fewer.records,
        EXACT.subtract(more.quantity, fewer.quantity),
        EXACT.subtract(more.price, fewer.price),
    )


def is_local(moment: datetime | None, period: UsagePeriod, zone: tzinfo) -> bool:
    """Return whether a moment lies in the days of a period as a time zone has them."""
    if moment is None:
        return False
    begin = datetime.combine(period.first, time(), zone)
    return begin <= moment < datetime.combine(period.last + DAY, time(), zone)


def explain_zone(utc: Tally, local: Tally, zone: tzinfo) -> Effect:
    """Return what days of UTC add to days of a time zone."""
    return subtract(utc, local).effect("time_zone", ZONE.format(zone=zone) if str(zone) != "UTC" else NO_ZONE)


def explain_unpriced(records: Sequence[R]) -> tuple[Effect, ...]:
    """Return the effect of billed records whose price nobody knows, if there are any."""
    count = sum(record.price is None for record in records)
    make_effect = Effect(name="price_missing", records=count, quantity=None, price=None, text=UNKNOWN_PRICE)
    return (make_effect,) if count else ()


def explain_deleted(
    readings: Sequence[UsageReading],
    remaining: Callable[[UsagePeriod], Tally],
    figure: Callable[[UsageReading], Decimal],
) -> tuple[Effect, ...]:
    """Return the effect of the days whose records a retention rule has deleted; none without such days."""
    if not readings:
        return ()
    days = UsagePeriod(
        min(reading.period.first for reading in readings), max(reading.period.last for reading in readings)
    )
    prices = add_exactly(reading.price or Decimal(0) for reading in readings)
    used = Tally(0, add_exactly(map(figure, readings)), prices)
    remainder = remaining(days)
    return (subtract(used, remainder).effect("deleted", DELETED.format(day=days.last + DAY)),)


def explain_corrected(
    used: Sequence[UsageReading], earlier: Sequence[UsageReading], figure: Callable[[UsageReading], Decimal]
) -> Effect:
    """Return what usage gained since an earlier reading; unknown without one."""
    if not earlier:
        return Effect(name="corrected", records=None, quantity=None, price=None, text=NO_EARLIER)
    text = CORRECTED.format(as_of=min(reading.as_of for reading in earlier if reading.as_of is not None))
    return subtract(_find_total(used, figure), _find_total(earlier, figure)).effect("corrected", text)


def _find_total(readings: Sequence[UsageReading], figure: Callable[[UsageReading], Decimal]) -> Tally:
    return Tally(
        0, add_exactly(map(figure, readings)), add_exactly(reading.price or Decimal(0) for reading in readings)
    )


def compare(
    log: LogName,
    measure: Measure,
    unit: str,
    local: Tally,
    effects: Sequence[Effect],
    used: Sequence[UsageReading],
    figure: Callable[[UsageReading], Decimal],
    *,
    is_whole: bool,
) -> Comparison:
    """Return both books with what is left over; of a log that was cut nothing is said to be left over."""
    quantity, price = add_exactly(map(figure, used)), add_exactly(reading.price or Decimal(0) for reading in used)
    moved = add_exactly((local.quantity, *(make_effect.quantity or Decimal(0) for make_effect in effects)))
    costs = add_exactly((local.price, *(make_effect.price or Decimal(0) for make_effect in effects)))
    rest, rest_of_price = EXACT.subtract(quantity, moved), EXACT.subtract(price, costs)
    return Comparison(
        log=log,
        measure=measure,
        unit=unit,
        is_whole=is_whole,
        log_records=local.records,
        log_quantity=local.quantity,
        log_price=local.price,
        effects=tuple(effects),
        usage_categories=tuple(reading.category for reading in used),
        usage_quantity=quantity,
        usage_price=price,
        unexplained_quantity=rest if is_whole else None,
        unexplained_price=rest_of_price if is_whole else None,
    )
