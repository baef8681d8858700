"""tiers_with_overage: units that the fee includes, and a price for each unit above them."""

from tenantry.model.charge import TiersWithOverage
from tenantry.model.usage_reading import EXACT
from tenantry.operations.billing.rating.strategies.tiers import include_units, split_units
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.line import Piece


def rate_tiers_with_overage(charge: TiersWithOverage, use: ChargeUse) -> tuple[Piece, ...]:
    """Return the units that are included at 0.00, and those above at the overage price."""
    included = use.shorten(charge.included)
    inside, above = split_units(use.units, included)
    pieces = include_units(inside, included)
    if not above:
        return pieces
    price = charge.overage_price
    exact, rule = EXACT.multiply(above, price), f"{above:,f} units above {included:,} included, at {price}"
    return (*pieces, Piece("overage", f"above {included:,} included", above, price, exact, rule))
