"""dynamic: bands of units, each with a margin of its own; each unit costs the average of the part."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tenantry.model.charge import Band, Dynamic
from tenantry.operations.billing.rating.strategies.fixed import cost_with_margin
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.line import Piece


def rate_dynamic(charge: Dynamic, use: ChargeUse) -> tuple[Piece, ...]:
    """Return a piece for each band that has units; a cost without a unit has the margin of the first band."""
    if not use.units:
        return _rate_cost_alone(charge.bands[0], use.cost)
    return tuple(_rate_bands(charge, use.units, use.cost))


def _rate_cost_alone(band: Band, cost: Decimal) -> tuple[Piece, ...]:
    exact, rule = (
        cost_with_margin(cost, band.margin_percent),
        f"cost {cost:f} without a unit ÷ (1 − {band.margin_percent} %)",
    )
    return (Piece("band-1", "", None, None, exact, rule),) if cost else ()


def _rate_bands(charge: Dynamic, units: Decimal, cost: Decimal) -> Iterator[Piece]:
    average = Fraction(cost) / Fraction(units)
    before = 0
    for number, band in enumerate(charge.bands, 1):
        above = units - before
        if above <= 0:
            return
        quantity = above if band.next is None else min(above, Decimal(band.next))
        exact = cost_with_margin(average * Fraction(quantity), band.margin_percent)
        rule = f"{quantity:,f} of {units:,f} units, which cost {cost:f}, ÷ (1 − {band.margin_percent} %)"
        yield Piece(f"band-{number}", _describe(band, before), quantity, None, exact, rule)
        before += band.next or 0


def _describe(band: Band, before: int) -> str:
    if band.next is not None:
        return f"units {before + 1:,} to {before + band.next:,}"
    return f"units above {before:,}" if before else ""
