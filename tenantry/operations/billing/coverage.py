"""What charges cover of Twilio's total, and what nobody covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tenantry.model.charge import EVERYTHING_ELSE, covered_by
from tenantry.model.terms import Terms
from tenantry.model.usage_categories_tree import CHILDREN, contains, outermost
from tenantry.model.usage_reading import EXACT, TOTAL
from tenantry.operations.billing.figures import Figures, Report, cost_of, total_of

TOLERANCE = Decimal("0.01")
"""Up to this, Twilio's categories and its total may differ: they are rounded one by one."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the total of a part of a month goes, in Twilio's currency; the amounts add up to the total."""

    total: Decimal
    covered: Decimal
    rest: Decimal
    absorbed: Decimal
    uncovered: Decimal
    unexplained: Decimal
    categories: tuple[tuple[str, Decimal], ...]
    """What is not covered, by category."""


def cover(terms: Terms, figures: Figures, report: Report) -> Coverage:
    """Return the coverage of a part; reports categories that overlap."""
    total = total_of(figures, report)
    names = [category for name, charge in terms.charges.items() for category in covered_by(name, charge)]
    covered, absorbed = cost_of(figures, names, report), cost_of(figures, terms.absorbed, report)
    open_amount = EXACT.subtract(total, EXACT.add(covered, absorbed))
    if open_amount < 0:
        if -open_amount > TOLERANCE:
            report("categories_overlap", _describe_overlap(EXACT.add(covered, absorbed), total))
        return Coverage(total, covered, ZERO, absorbed, ZERO, open_amount, ())
    if EVERYTHING_ELSE in terms.charges:
        return Coverage(total, covered, open_amount, absorbed, ZERO, ZERO, ())
    categories = _uncovered(figures, (*names, *terms.absorbed)) if open_amount else ()
    if not categories and open_amount <= TOLERANCE:
        return Coverage(total, covered, ZERO, absorbed, ZERO, open_amount, ())
    return Coverage(total, covered, ZERO, absorbed, open_amount, ZERO, categories)


def _describe_overlap(covered: Decimal, total: Decimal) -> str:
    return (
        f"categories overlap: those that terms name cost {covered:f}, and Twilio's total is {total:f}; "
        "take the category out that another one contains"
    )


def _uncovered(figures: Figures, covered: Iterable[str]) -> tuple[tuple[str, Decimal], ...]:
    """Return what each outermost category costs beyond the covered ones in it."""
    taken = set(covered)
    priced = {name for name, reading in figures.items() if reading.price and name != TOTAL}
    outside = {name for name in priced - taken if not any(contains(outer, name) for outer in taken)}
    amounts = (
        (name, EXACT.subtract(_price(figures, name), _within(name, figures, taken))) for name in outermost(outside)
    )
    return tuple((name, amount) for name, amount in amounts if amount)


def _within(outer: str, figures: Figures, taken: set[str]) -> Decimal:
    if outer not in CHILDREN:
        return ZERO
    inner = outermost([name for name in taken if contains(outer, name)])
    return sum((_price(figures, name) for name in inner), ZERO)


def _price(figures: Figures, name: str) -> Decimal:
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
