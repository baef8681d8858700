"""Corrections: a closed statement is rated again as a whole, and what was billed is subtracted line by line."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from tenantry.operations.billing.rating.strategies.credits import PAID
from tenantry.operations.billing.rating.values.internal_statement import Correction, InternalStatement
from tenantry.operations.billing.rating.values.line import Line


def correct(
    number: str, billed: Iterable[Line], rerated: InternalStatement, ignore_below: Decimal = Decimal(0)
) -> Correction:
    """Return what a closed statement is short of its figures rated again.

    What is 0.00 is left out, but for units that credits paid for: the customer has fewer credits left.
    `billed` are the statement's own lines (`own_lines`) and those of each correction of it that was billed; `rerated`
    has the terms, lots and adjustments of the original. So billed + correction = rerated, to the minor unit. Where
    the customer has one statement for all, a line names its tenant.
    """
    names = {tenant.month.tenant: tenant.month.name for tenant in rerated.tenants} if rerated.customer.together else {}
    lines = tuple(_compare_lines(number, tuple(billed), rerated.own_lines, names))
    is_ignored = all(abs(line.amount) < ignore_below and not _is_of_credits(line) for line in lines)
    return Correction(number, rerated.period, rerated.currency, lines, is_ignored)


def _compare_lines(
    number: str, billed: tuple[Line, ...], rerated: tuple[Line, ...], names: Mapping[str, str]
) -> Iterator[Line]:
    """Yield a line for each amount that differs: in the order of the new statement, then those that it has no more."""
    new = {line.key: line for line in rerated}
    old: dict[str, list[Line]] = {}
    for line in billed:
        old.setdefault(line.key, []).append(line)
    for key in (*new, *(key for key in old if key not in new)):
        line = _compare_line(number, old.get(key, []), new.get(key), names)
        if line.amount or (line.quantity and _is_of_credits(line)):
            yield line


def _is_of_credits(line: Line) -> bool:
    """Return whether a line has units that credits paid for: they cost 0.00, and change what is left."""
    return line.key.endswith(f"/{PAID}")


def _compare_line(number: str, billed: list[Line], rerated: Line | None, names: Mapping[str, str]) -> Line:
    """Return the difference of one line; what was billed of it is the line and its earlier corrections."""
    pattern = rerated or billed[0]
    name = names.get(pattern.key.partition("/")[0]) if pattern.kind in ("fee", "charge") else None
    charged = sum((line.amount for line in billed), Decimal(0))
    amount = (rerated.amount if rerated else Decimal(0)) - charged
    exact = Fraction(rerated.exact if rerated else 0) - sum((Fraction(line.exact) for line in billed), Fraction(0))
    quantity = _find_quantity(rerated) - sum((_find_quantity(line) for line in billed), Decimal(0))
    return Line(
        key=pattern.key,
        kind="correction",
        label=pattern.label,
        detail=", ".join(filter(None, (name, f"correction of {number}", pattern.detail))),
        quantity=quantity if quantity else None,
        unit_price=_find_unit_price(billed, rerated),
        exact=exact,
        amount=amount,
        rule=f"rated again {rerated.amount if rerated else 0}, billed {charged}",
    )


def _find_quantity(line: Line | None) -> Decimal:
    return (line.quantity if line else None) or Decimal(0)


def _find_unit_price(billed: list[Line], rerated: Line | None) -> Decimal | None:
    """Return the price of a unit, where all of them have the same."""
    prices = {line.unit_price for line in (*billed, *([rerated] if rerated else []))}
    return prices.pop() if len(prices) == 1 else None
