"""What charges cover of Twilio's total, and what nobody covers."""

from collections.abc import Mapping, Set
from decimal import Decimal
from typing import NamedTuple

from tenantry.model.terms import Terms
from tenantry.model.usage_categories_tree import CHILDREN, contains, outermost
from tenantry.model.usage_reading import EXACT, TOTAL, add_exactly
from tenantry.operations.billing.rating.costs.figures import Figures, Report, find_total, sum_cost
from tenantry.operations.billing.rating.terms_plan import TermsPlan

TOLERANCE = Decimal("0.01")
"""Up to this, Twilio's categories and its total may differ: they are rounded one by one."""
ZERO = Decimal(0)


class Coverage(NamedTuple):
    """Where the total of a part of a month goes, in Twilio's currency; the amounts add up to the total."""

    total: Decimal
    costs: Mapping[str, Decimal]
    """What each charge covers, by its name."""
    covered: Decimal
    rest: Decimal
    absorbed: Decimal
    uncovered: Decimal
    unexplained: Decimal
    categories: tuple[tuple[str, Decimal], ...]
    """What is not covered, by category."""


def cover(terms: Terms, plan: TermsPlan, figures: Figures, report: Report) -> Coverage:
    """Return the coverage of a part; reports categories that overlap."""
    total = find_total(figures, report)
    if total is None:
        return Coverage(ZERO, dict.fromkeys(terms.charges, ZERO), ZERO, ZERO, ZERO, ZERO, ZERO, ())
    costs = {charge.name: sum_cost(figures, charge.covers, report) for charge in plan.charges}
    covered, absorbed = add_exactly(costs.values()), sum_cost(figures, terms.absorbed, report)
    open_amount = EXACT.subtract(total, EXACT.add(covered, absorbed))
    if open_amount < 0:
        if -open_amount > TOLERANCE:
            report("categories_overlap", _describe_overlap(EXACT.add(covered, absorbed), total))
        return Coverage(total, costs, covered, ZERO, absorbed, ZERO, open_amount, ())
    if plan.has_rest:
        return Coverage(total, costs, covered, open_amount, absorbed, ZERO, ZERO, ())
    categories = _find_uncovered(figures, plan.named) if open_amount else ()
    if not categories and open_amount <= TOLERANCE:
        return Coverage(total, costs, covered, ZERO, absorbed, ZERO, open_amount, ())
    return Coverage(total, costs, covered, ZERO, absorbed, open_amount, ZERO, categories)


def _describe_overlap(covered: Decimal, total: Decimal) -> str:
    return (
        f"categories overlap: those that terms name cost {covered:f}, and Twilio's total is {total:f}; "
        "take the category out that another one contains"
    )


def _find_uncovered(figures: Figures, taken: Set[str]) -> tuple[tuple[str, Decimal], ...]:
    """Return what each outermost category costs beyond the covered ones in it."""
    priced = {name for name, reading in figures.items() if reading.price and name != TOTAL}
    outside = {name for name in priced - taken if not any(contains(outer, name) for outer in taken)}
    amounts = (
        (name, EXACT.subtract(_find_price(figures, name), _sum_within(name, figures, taken)))
        for name in outermost(outside)
    )
    return tuple((name, amount) for name, amount in amounts if amount)


def _sum_within(outer: str, figures: Figures, taken: Set[str]) -> Decimal:
    if outer not in CHILDREN:
        return ZERO
    inner = outermost([name for name in taken if contains(outer, name)])
    return sum((_find_price(figures, name) for name in inner), ZERO)


def _find_price(figures: Figures, name: str) -> Decimal:
    return (figures[name].price if name in figures else None) or ZERO


def convert_cost(cost: Decimal, currency: str | None, terms: Terms, report: Report) -> Decimal:
    """Return a cost in the currency of the terms, at their rate of exchange."""
    if currency is None or currency == terms.currency:
        return cost
    if terms.exchange is None:
        sentence = f"a charge in {terms.currency} depends on a cost in {currency}; set terms.exchange"
        report("no_exchange", sentence)
        return ZERO
    return EXACT.multiply(cost, terms.exchange.rate)
