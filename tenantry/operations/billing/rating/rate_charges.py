"""Rating the charges of one part of a month: cost and units of each, by its strategy."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tenantry.model.usage_reading import UsageReading
from tenantry.operations.billing.rating.costs.coverage import Coverage, convert_cost
from tenantry.operations.billing.rating.costs.figures import ZERO, Figures, Report, collect_figures, count_units
from tenantry.operations.billing.rating.lots import draw_lots
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.terms_plan import ChargePlan, TermsPlan
from tenantry.operations.billing.rating.values.inputs import Lot
from tenantry.operations.billing.rating.values.internal_statement import RatedCharge
from tenantry.operations.billing.rating.values.line import LineForm


class PartUsage(NamedTuple):
    """What one part of a month is rated from."""

    key: str
    """Begins the keys of its lines: the tenant and the first day."""
    part: Part
    plan: TermsPlan
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
    for plan in usage.plan.charges:
        cost = usage.coverage.rest if plan.is_rest else usage.coverage.costs[plan.name]
        use = _find_use(usage, plan, cost, lots, report)
        form = LineForm.of(
            f"{usage.key}/charges/{plan.name}",
            "charge",
            plan.charge.label,
            usage.days_text,
            usage.part.terms.currency,
        )
        lines = tuple([form.round(piece) for piece in plan.rate(plan.charge, use)])
        charge = plan.charge
        rated.append(RatedCharge(plan.name, charge.label, charge.strategy, plan.covers, use.units, cost, lines))
        lots = draw_lots(lots, use) if plan.is_prepaid else lots
    return tuple(rated), lots


def _find_use(usage: PartUsage, plan: ChargePlan, cost: Decimal, lots: tuple[Lot, ...], report: Report) -> ChargeUse:
    units = ZERO if plan.quantity is None else count_units(usage.figures, plan.counts, plan.quantity, report)
    paid = convert_cost(cost, usage.currency, usage.part.terms, report) if plan.needs_cost else cost
    days, days_of_month = usage.part.included_days, usage.days_of_month
    if not plan.is_prepaid:
        return ChargeUse(paid, units, days, days_of_month)
    by_day = _count_units_by_day(usage, plan, report)
    return ChargeUse(paid, units, days, days_of_month, by_day, tuple(lot for lot in lots if lot.charge == plan.name))


def _count_units_by_day(usage: PartUsage, plan: ChargePlan, report: Report) -> tuple[tuple[date, Decimal], ...]:
    by_day: dict[date, list[UsageReading]] = {}
    for reading in usage.daily:
        if reading.category in plan.counts and usage.part.first <= reading.period.first <= usage.part.last:
            by_day.setdefault(reading.period.first, []).append(reading)
    quantity = plan.quantity or "count"
    return tuple(
        (day, count_units(collect_figures(by_day[day]), plan.counts, quantity, report)) for day in sorted(by_day)
    )
