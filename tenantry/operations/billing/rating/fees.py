"""The lines of fees: the base fee by days, and a setup fee once."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tenantry.model.money import Exact
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.values.line import Piece

BASE = "Monthly fee"
SETUP = "Setup fee"


def rate_fees(parts: tuple[Part, ...], index: int, month: UsagePeriod) -> Iterator[tuple[str, Piece]]:
    """Yield the label and the piece of each fee of a part."""
    part = parts[index]
    base = part.terms.fees.base
    if base is not None:
        days, whole = len(part.charged_days), month.days
        detail = "" if days == whole else f"{days} of {whole} days"
        exact, rule = share_by_days(base, days, whole), f"{base} × {days} ÷ {whole} days"
        yield BASE, Piece("base", detail, None, None, exact, rule)
    piece = _rate_setup(part, month)
    if piece is not None and index == _find_last_with_setup(parts, month):
        yield SETUP, piece


def share_by_days(amount: Decimal, days: int, days_of_month: int) -> Exact:
    """Return the share of a month's amount for some of its days."""
    return amount if days == days_of_month else Fraction(amount) * days / days_of_month


def _rate_setup(part: Part, month: UsagePeriod) -> Piece | None:
    setup = part.terms.fees.setup
    if setup is None or not month.first <= setup.once <= month.last:
        return None
    return Piece("setup", "once", None, None, setup.amount, f"once, on {setup.once}; never by days")


def _find_last_with_setup(parts: tuple[Part, ...], month: UsagePeriod) -> int:
    """Return the last part that has a setup fee in this month: its fee is charged, and no other part's."""
    return max(index for index, part in enumerate(parts) if _rate_setup(part, month))
