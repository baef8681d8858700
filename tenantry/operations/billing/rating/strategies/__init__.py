"""The five pricing strategies: one pure function a file. Each makes pieces of a charge's use; a piece becomes a line.

    rate_fixed(Fixed, ChargeUse) -> tuple[Piece, ...]

Units are decimals, amounts exact fractions in the currency of the terms. What was not used makes no piece.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tenantry.model.charge import AnyCharge, Dynamic, Fixed
from tenantry.operations.billing.rating.strategies.credits import rate_credits
from tenantry.operations.billing.rating.strategies.dynamic import rate_dynamic
from tenantry.operations.billing.rating.strategies.fixed import rate_fixed
from tenantry.operations.billing.rating.strategies.tiers import rate_tiers
from tenantry.operations.billing.rating.strategies.tiers_with_overage import rate_tiers_with_overage
from tenantry.operations.billing.rating.strategies.use import ChargeUse
from tenantry.operations.billing.rating.values.line import Piece

Strategy = Callable[[Any, ChargeUse], tuple[Piece, ...]]

STRATEGIES: Mapping[str, Strategy] = {
    "fixed": rate_fixed,
    "dynamic": rate_dynamic,
    "tiers": rate_tiers,
    "tiers_with_overage": rate_tiers_with_overage,
    "credits": rate_credits,
}
"""Each strategy by its name in the manifest; it gets the charge of that strategy."""


def depends_on_cost(charge: AnyCharge) -> bool:
    """Return whether the price of a charge is made from its cost."""
    return isinstance(charge, Dynamic) or (isinstance(charge, Fixed) and charge.price is None)
