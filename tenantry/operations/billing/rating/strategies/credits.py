"""credits: units that were paid in advance, used day by day; the lot that expires first goes first, then the older."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenantry.model.charge import Credits
from tenantry.model.usage_reading import EXACT
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.inputs import Lot
from tenantry.operations.billing.rating.values.line import Piece

PAID = "credits"
"""Name of the piece that credits paid for."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Units that lots paid for, by the lot's id, and units that no lot covers."""

    by_lot: Mapping[int, Decimal]
    uncovered: Decimal

    @property
    def covered(self) -> Decimal:
        """How many units lots paid for."""
        return sum(self.by_lot.values(), Decimal(0))


def draw_units(by_day: Iterable[tuple[date, Decimal]], lots: Iterable[Lot]) -> Drawn:
    """Return what each day draws from the lots that count on it, in any order of days and lots."""
    ordered = sorted(lots, key=lambda lot: lot.order)
    remaining = {lot.id: lot.units_left for lot in ordered}
    uncovered = Decimal(0)
    for day, units in sorted(by_day):
        need = units
        for lot in ordered:
            if lot.first_day <= day <= lot.last_day and need > 0:
                drawn = min(need, max(remaining[lot.id], Decimal(0)))
                remaining[lot.id] -= drawn
                need -= drawn
        uncovered += need
    return Drawn({lot.id: lot.units_left - remaining[lot.id] for lot in ordered}, uncovered)


def rate_credits(charge: Credits, use: ChargeUse) -> tuple[Piece, ...]:
    """Return the units that credits paid for at 0.00, and those that none covers."""
    drawn = draw_units(use.by_day, use.lots)
    paid = Piece(PAID, "paid with credits", drawn.covered, None, Decimal(0), "drawn from lots, day by day")
    return ((paid,) if drawn.covered else ()) + _rate_uncovered(charge, drawn.uncovered)


def _rate_uncovered(charge: Credits, units: Decimal) -> tuple[Piece, ...]:
    if not units:
        return ()
    if charge.when_empty == "stop":
        detail, rule = "not covered by credits, not charged", f"{units:,f} units that no lot covers: our cost"
        return (Piece("empty", detail, units, None, Decimal(0), rule),)
    price = charge.when_empty.price
    exact, rule = EXACT.multiply(units, price), f"{units:,f} units that no lot covers, at {price}"
    return (Piece("empty", "not covered by credits", units, price, exact, rule),)
