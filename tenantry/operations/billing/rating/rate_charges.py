"""Rating the charges of one part of a month: cost and units of each, by its strategy."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tenantry.model.charge import EVERYTHING_ELSE, Charge, Credits, counted_by, covered_by
from tenantry.model.usage_reading import UsageReading
from tenantry.operations.billing.rating.costs.coverage import Coverage, convert_cost
from tenantry.operations.billing.rating.costs.figures import Figures, Report, collect_figures, units_of
from tenantry.operations.billing.rating.lots import draw_lots
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.strategies import STRATEGIES, depends_on_cost
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.inputs import Lot
from tenantry.operations.billing.rating.values.internal_statement import RatedCharge
from tenantry.operations.billing.rating.values.line import LineForm


class PartUsage(NamedTuple):
    """What one part of a month is rated from."""

    key: str
    """Begins the keys of its lines: the tenant and the first day."""
    part: Part
    days_text: str
    """The days, where the month has several parts; else empty."""
    days_of_month: int
    figures: Figures
    daily: tuple[UsageReading, ...]
    coverage: Coverage
    currency: str | None
    """Twilio's; None where nothing has a price."""


def rate_charges(
    usage: PartUsage, lots: tuple[Lot, ...], report: Report
) -> tuple[tuple[RatedCharge, ...], tuple[Lot, ...]]:
    """Return the charges of a part, that of everything else last; and the lots with what the part left of them."""
    rated = []
    for name, charge in _in_order(usage.part.terms.charges):
        cost = usage.coverage.rest if name == EVERYTHING_ELSE else usage.coverage.costs[name]
        use = _charge_use(usage, name, charge, cost, lots, report)
        rated.append(_rate_charge(usage, name, charge, cost, use))
        lots = draw_lots(lots, use) if isinstance(charge, Credits) else lots
    return tuple(rated), lots


def _in_order(charges: Mapping[str, Charge]) -> Iterator[tuple[str, Charge]]:
    yield from ((name, charge) for name, charge in charges.items() if name != EVERYTHING_ELSE)
    yield from ((name, charge) for name, charge in charges.items() if name == EVERYTHING_ELSE)


def _charge_use(
    usage: PartUsage, name: str, charge: Charge, cost: Decimal, lots: tuple[Lot, ...], report: Report
) -> ChargeUse:
    units = Decimal(0)
    if charge.quantity is not None:
        units = units_of(usage.figures, counted_by(name, charge), charge.quantity, report)
    needs_days = isinstance(charge, Credits)
    return ChargeUse(
        cost=convert_cost(cost, usage.currency, usage.part.terms, report) if depends_on_cost(charge) else cost,
        units=units,
        days=usage.part.included_days,
        days_of_month=usage.days_of_month,
        by_day=_units_by_day(usage, name, charge, report) if needs_days else (),
        lots=tuple(lot for lot in lots if lot.charge == name) if needs_days else (),
    )


def _units_by_day(usage: PartUsage, name: str, charge: Charge, report: Report) -> tuple[tuple[date, Decimal], ...]:
    categories = counted_by(name, charge)
    by_day: dict[date, list[UsageReading]] = {}
    for reading in usage.daily:
        if reading.category in categories and usage.part.first <= reading.period.first <= usage.part.last:
            by_day.setdefault(reading.period.first, []).append(reading)
    quantity = charge.quantity or "count"
    return tuple((day, units_of(collect_figures(by_day[day]), categories, quantity, report)) for day in sorted(by_day))


def _rate_charge(usage: PartUsage, name: str, charge: Charge, cost: Decimal, use: ChargeUse) -> RatedCharge:
    form = LineForm(f"{usage.key}/charges/{name}", "charge", charge.label, usage.days_text, usage.part.terms.currency)
    strategy = charge.strategy
    pieces = STRATEGIES[strategy](charge, use)
    return RatedCharge(
        name=name,
        label=charge.label,
        strategy=strategy,
        categories=covered_by(name, charge),
        units=use.units,
        cost=cost,
        lines=tuple(form.round(piece) for piece in pieces),
    )
