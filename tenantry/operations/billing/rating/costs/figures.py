"""The usage of one part of a month by category: exact sums, and an error where a figure is missing or ambiguous."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from tenantry.model.charge import Quantity
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import EXACT, TOTAL, UsageReading, add_exactly, add_known
from tenantry.operations.billing.rating.values.problems import ProblemCode

Report = Callable[[ProblemCode, str], None]
"""Takes a problem of the tenant that is rated: its code, and its sentence."""
ZERO = Decimal(0)
Figures = Mapping[str, UsageReading]
"""Readings of a part by category: one each."""


def collect_figures(readings: Iterable[UsageReading]) -> Figures:
    """Return one reading a category: several of one category, such as days, are added exactly."""
    listed = tuple(readings)
    figures = {reading.category: reading for reading in listed}
    if len(figures) == len(listed):
        return figures
    grouped: dict[str, list[UsageReading]] = {}
    for reading in listed:
        grouped.setdefault(reading.category, []).append(reading)
    return {category: _sum(found) for category, found in grouped.items()}


def sum_days(daily: Iterable[UsageReading], days: UsagePeriod) -> Figures:
    """Return the sum of the daily readings of these days, by category."""
    return collect_figures(reading for reading in daily if days.first <= reading.period.first <= days.last)


def sum_cost(figures: Figures, categories: Iterable[str], report: Report) -> Decimal:
    """Return the price of categories; one that has no reading cost nothing."""
    cost = ZERO
    for category in categories:
        if category in figures:
            cost = EXACT.add(cost, _find_price(figures[category], report))
    return cost


def find_total(figures: Figures, report: Report) -> Decimal | None:
    """Return Twilio's total; None, which is reported, where there is usage and no total."""
    if TOTAL in figures:
        return _find_price(figures[TOTAL], report)
    if any(reading.is_used for reading in figures.values()):
        report("no_totalprice", f"Twilio told usage and no category '{TOTAL}'; read the usage again")
        return None
    return ZERO


def count_units(figures: Figures, categories: tuple[str, ...], quantity: Quantity, report: Report) -> Decimal:
    """Return the counted units of categories, which must have the same unit."""
    if len(categories) == 1:
        [category] = categories
        units = _find_units(figures[category], quantity, report) if category in figures else ZERO
        return _shorten(units)
    counted = [figures[category] for category in categories if category in figures]
    check_units(counted, quantity, report)
    return _shorten(add_exactly(_find_units(reading, quantity, report) for reading in counted))


def _shorten(units: Decimal) -> Decimal:
    """Return units without zeros after the point: 15.00 minutes are 15."""
    whole = units.to_integral_value()
    return whole if whole == units else units.normalize(EXACT)


def check_units(readings: Iterable[UsageReading], quantity: Quantity, report: Report) -> None:
    """Report readings whose units can't be added up."""
    units: dict[str, str] = {}
    for reading in readings:
        unit = reading.count_unit if quantity == "count" else reading.usage_unit
        if unit:
            units.setdefault(unit, reading.category)
    if len(units) > 1:
        listed = ", ".join(f"{category} in {unit}" for unit, category in units.items())
        report("mixed_units", f"one charge counts {listed}: count each in a charge of its own")


def find_currency(figures: Figures, report: Report) -> str | None:
    """Return Twilio's currency; None where nothing has a price."""
    currencies = {reading.price_unit for reading in figures.values() if reading.price}
    known = [currency for currency in currencies if currency]
    if len(known) > 1:
        report("currencies_differ", f"Twilio told prices in {' and '.join(sorted(known))}")
    return min(known, default=None)


def _sum(readings: list[UsageReading]) -> UsageReading:
    first, last = min(r.period.first for r in readings), max(r.period.last for r in readings)
    return replace(
        readings[0],
        period=UsagePeriod(first, last),
        granularity="period",
        count=add_known(reading.count for reading in readings),
        usage=add_known(reading.usage for reading in readings),
        price=add_known(reading.price for reading in readings),
        count_unit=_find_first(reading.count_unit for reading in readings),
        usage_unit=_find_first(reading.usage_unit for reading in readings),
        price_unit=_find_first(reading.price_unit for reading in readings),
        as_of=min((reading.as_of for reading in readings if reading.as_of), default=None),
    )


def _find_first(units: Iterable[str | None]) -> str | None:
    return next((unit for unit in units if unit), None)


def _find_price(reading: UsageReading, report: Report) -> Decimal:
    if reading.price is None:
        if reading.is_used:
            report("missing_figure", f"Twilio told usage of {reading.category} and no price; read it again later")
        return ZERO
    return reading.price


def _find_units(reading: UsageReading, quantity: Quantity, report: Report) -> Decimal:
    units = reading.count if quantity == "count" else reading.usage
    if units is None and reading.is_used:
        report("missing_figure", f"Twilio told usage of {reading.category} and no {quantity}; count the other figure")
    return ZERO if units is None else units
