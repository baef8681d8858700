"""tiers: units that the fee includes; what is above them is shown at 0.00."""

from decimal import Decimal

from tenantry.model.charge import Tiers
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.line import Piece

ZERO = Decimal(0)
TAKEN_BACK = "taken back"


def rate_tiers(charge: Tiers, use: ChargeUse) -> tuple[Piece, ...]:
    """Return the units that are included and those above, both at 0.00."""
    if charge.included is None:
        rule = "unlimited: in the fee"
        detail = "included" if use.units > 0 else TAKEN_BACK
        return (Piece("included", detail, use.units, None, ZERO, rule),) if use.units else ()
    included = use.shorten(charge.included)
    inside, above = split_units(use.units, included)
    rule = f"above the {included:,} units of the tier, not charged"
    extra = Piece("above", f"above {included:,} included, not charged", above, None, ZERO, rule)
    return include_units(inside, included) + ((extra,) if above else ())


def split_units(units: Decimal, included: int) -> tuple[Decimal, Decimal]:
    """Return the units up to those included, and those above."""
    return (units, ZERO) if units <= included else (Decimal(included), units - included)


def include_units(inside: Decimal, included: int) -> tuple[Piece, ...]:
    """Return the piece of units that the fee includes; none where none was used.

    Units are below 0 where Twilio takes back more in a month than it counts.
    """
    if inside < 0:
        return (Piece("included", TAKEN_BACK, inside, None, ZERO, f"in the fee: {inside:,f} units, taken back"),)
    rule = f"in the fee: {included:,} units"
    return (Piece("included", f"of {included:,} included", inside, None, ZERO, rule),) if inside else ()
