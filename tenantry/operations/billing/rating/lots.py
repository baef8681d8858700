"""Lots of credits in a month: what each part draws from them, and what the statement says of them."""

from dataclasses import replace
from decimal import Decimal

from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.strategies.credits import draw_units
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.inputs import Lot, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import LotUse

LABEL = "Credits"
"""What a lot is called whose charge the terms have no more."""


def draw_lots(lots: tuple[Lot, ...], use: ChargeUse) -> tuple[Lot, ...]:
    """Return all lots, those of one charge with what its use leaves of them."""
    drawn = draw_units(use.by_day, use.lots).by_lot
    return tuple(replace(lot, units_left=lot.units_left - drawn[lot.id]) if lot.id in drawn else lot for lot in lots)


def describe_lots(month: TenantMonth, parts: tuple[Part, ...], after: tuple[Lot, ...]) -> tuple[LotUse, ...]:
    """Return what the month used of each lot that counted in it, in the order in which they are used."""
    if not month.lots:
        return ()
    labels = {name: charge.label for part in parts for name, charge in part.terms.charges.items()}
    remaining = {lot.id: lot.units_left for lot in after}
    return tuple(
        _describe_lot(month, lot, remaining[lot.id], labels.get(lot.charge, LABEL))
        for lot in sorted(month.lots, key=lambda lot: lot.order)
        if lot.first_day <= month.period.last and month.period.first <= lot.last_day and _is_listed(month, lot)
    )


def _is_listed(month: TenantMonth, lot: Lot) -> bool:
    """Return whether a lot has units, or was bought this month: one that was empty before is not listed."""
    return lot.units_left > 0 or lot.first_day >= month.period.first


def _describe_lot(month: TenantMonth, lot: Lot, remaining: Decimal, label: str) -> LotUse:
    used = lot.units_left - remaining
    if lot.last_day <= month.period.last:
        return LotUse(lot, label, used, remaining=Decimal(0), expired=remaining)
    return LotUse(lot, label, used, remaining, expired=Decimal(0))
