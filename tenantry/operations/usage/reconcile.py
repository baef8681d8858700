"""The total of an account against its categories: 0, or rows that say where every cent of the difference is.

An innermost category stands for itself. A parent stands for its children where they add up to it; where they fall
short, the rest is a row, and where they exceed it, the parent's own price counts. So what is left over after all
parents is between the total and the outermost categories.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tenantry.model.usage_categories_tree import CHILDREN, outermost
from tenantry.model.usage_reading import EXACT, TOTAL, UsageReading, add_exactly
from tenantry.operations.usage.values import Reconciliation, Row

SHORT = "{parent} costs more than the categories that are known to be in it ({children}): Twilio publishes no tree"
OVER = "the categories in {parent} ({children}) cost more than it does: they overlap, or it does not hold all of them"
IN_NONE = "totalprice has it and no category shows it; Twilio says itself that categories may not add up to it"
OVERLAP = "categories cost more than totalprice: some contain others and Twilio publishes no tree. Used: {categories}"
MISSING = "Twilio told no price of it, though it was used"
CURRENCIES = "categories have prices in several currencies ({currencies}), which can't be added"


@dataclass(frozen=True)
class _Covered:
    """What the innermost categories below one cost, and the rows of what they leave open."""

    price: Decimal
    rows: tuple[Row, ...] = ()


def reconcile(readings: Collection[UsageReading]) -> Reconciliation | None:
    """Compare the readings of one account and period; None where Twilio told no total."""
    total = next((reading.price for reading in readings if reading.category == TOTAL), None)
    if total is None:
        return None
    used = [reading for reading in readings if reading.category != TOTAL]
    currencies = sorted({reading.price_unit or "none" for reading in used if reading.price})
    if len(currencies) > 1:
        text = CURRENCIES.format(currencies=", ".join(currencies))
        row = Row(reason="currencies_differ", category=None, amount=total, text=text)
        return Reconciliation(total=total, categories=Decimal(0), difference=total, rows=(row,))
    prices = {reading.category: reading.price for reading in used if reading.price is not None}
    parts = [_cover(name, prices) for name in outermost(prices)]
    covered = add_exactly(part.price for part in parts)
    rows = (*(row for part in parts for row in part.rows), *_find_rest(total, prices), *_find_unpriced(used))
    return Reconciliation(total=total, categories=covered, difference=EXACT.subtract(total, covered), rows=rows)


def _cover(category: str, prices: Mapping[str, Decimal]) -> _Covered:
    price, children = prices[category], [name for name in CHILDREN.get(category, ()) if name in prices]
    if not children:
        return _Covered(price)
    parts = [_cover(child, prices) for child in children]
    rest = EXACT.subtract(price, add_exactly(prices[child] for child in children))
    names = ", ".join(children)
    if rest < 0:
        # The children are shown as they are; the parent counts, so that nothing is counted twice.
        text = OVER.format(parent=category, children=names)
        return _Covered(price, (Row(reason="children_over", category=category, amount=Decimal(0), text=text),))
    rows = tuple(row for part in parts for row in part.rows)
    if rest > 0:
        text = SHORT.format(parent=category, children=names)
        rows += (Row(reason="children_short", category=category, amount=rest, text=text),)
    return _Covered(add_exactly(part.price for part in parts), rows)


def _find_rest(total: Decimal, prices: Mapping[str, Decimal]) -> Iterator[Row]:
    """Yield what lies between the total and the outermost categories."""
    names = outermost(prices)
    rest = EXACT.subtract(total, add_exactly(prices[name] for name in names))
    if rest > 0:
        yield Row(reason="in_no_category", category=None, amount=rest, text=IN_NONE)
    elif rest < 0:
        priced = ", ".join(name for name in names if prices[name])
        yield Row(reason="categories_overlap", category=None, amount=rest, text=OVERLAP.format(categories=priced))


def _find_unpriced(used: Collection[UsageReading]) -> Iterator[Row]:
    for reading in sorted(used, key=lambda reading: reading.category):
        if reading.price is None:
            yield Row(reason="price_missing", category=reading.category, amount=None, text=MISSING)
