"""What rating needs to know of terms, worked out once for each: charges in order, with categories and strategies."""

from typing import NamedTuple

from tenantry.model.charge import EVERYTHING_ELSE, Charge, Credits, Quantity, counted_by, covered_by
from tenantry.model.terms import Terms
from tenantry.operations.billing.rating.strategies import STRATEGIES, Strategy, depends_on_cost

MOST_KEPT = 20_000


class ChargePlan(NamedTuple):
    """One charge."""

    name: str
    charge: Charge
    rate: Strategy
    covers: tuple[str, ...]
    """The usage categories whose price is its cost; empty for the charge of everything else."""
    counts: tuple[str, ...]
    """Those whose units it counts."""
    quantity: Quantity | None
    is_rest: bool
    is_prepaid: bool
    """Whether it is paid with credits, and so needs usage by day."""
    needs_cost: bool
    """Whether its price is made from its cost."""


class TermsPlan(NamedTuple):
    """The charges of some terms, that of everything else last."""

    charges: tuple[ChargePlan, ...]
    has_rest: bool
    is_prepaid: bool
    """Whether a charge is paid with credits."""
    named: frozenset[str]
    """The categories that the terms name, whether they charge or absorb them."""


_kept: dict[int, tuple[Terms, TermsPlan]] = {}
"""By the identity of the terms, which are kept with it: a hash of terms would take longer than the plan."""


def plan_terms(terms: Terms) -> TermsPlan:
    """Return the plan of terms; the same terms have it already."""
    kept = _kept.get(id(terms))
    if kept is not None:
        return kept[1]
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    plan = _make_plan(terms)
    _kept[id(terms)] = (terms, plan)
    return plan


def _make_plan(terms: Terms) -> TermsPlan:
    charges = sorted(terms.charges.items(), key=lambda item: item[0] == EVERYTHING_ELSE)
    planned = tuple(_plan_charge(name, charge) for name, charge in charges)
    return TermsPlan(
        charges=planned,
        has_rest=EVERYTHING_ELSE in terms.charges,
        is_prepaid=any(charge.is_prepaid for charge in planned),
        named=frozenset(terms.absorbed).union(*(charge.covers for charge in planned)),
    )


def _plan_charge(name: str, charge: Charge) -> ChargePlan:
    return ChargePlan(
        name=name,
        charge=charge,
        rate=STRATEGIES[charge.strategy],
        covers=covered_by(name, charge),
        counts=counted_by(name, charge),
        quantity=charge.quantity,
        is_rest=name == EVERYTHING_ELSE,
        is_prepaid=isinstance(charge, Credits),
        needs_cost=depends_on_cost(charge),
    )
