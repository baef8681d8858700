"""fixed: the cost with a margin or a mark-up, or a price for each unit."""

from decimal import Decimal
from fractions import Fraction

from tenantry.model.charge import Fixed
from tenantry.model.money import Exact
from tenantry.model.usage_reading import EXACT
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.line import Piece


def rate_fixed(charge: Fixed, use: ChargeUse) -> tuple[Piece, ...]:
    """Return one piece: cost ÷ (1 − margin), cost × (1 + mark-up), or units × price."""
    if not use.cost and not use.units:
        return ()
    if charge.price is not None:
        return _charge_units(use.units, charge.price)
    quantity = None if charge.quantity is None else use.units
    exact, rule = _marked_up(charge, use.cost)
    return (Piece("cost", "", quantity, None, exact, rule),)


def _charge_units(units: Decimal, price: Decimal) -> tuple[Piece, ...]:
    exact, rule = EXACT.multiply(units, price), f"{units:,f} units at {price}"
    return (Piece("units", "", units, price, exact, rule),) if units else ()


def _marked_up(charge: Fixed, cost: Decimal) -> tuple[Exact, str]:
    if charge.margin_percent is not None:
        return cost_with_margin(cost, charge.margin_percent), f"cost {cost:f} ÷ (1 − {charge.margin_percent} %)"
    markup = charge.markup_percent or Decimal(0)
    return EXACT.multiply(cost, EXACT.add(1, markup.scaleb(-2, EXACT))), f"cost {cost:f} × (1 + {markup} %)"


def cost_with_margin(cost: Exact, margin_percent: Decimal) -> Fraction:
    """Return the price of which the margin is a share: 3 % is cost ÷ 0.97."""
    return Fraction(cost) * 100 / (100 - Fraction(margin_percent))
