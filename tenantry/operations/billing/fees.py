"""The lines of fees: the base fee by days, and a setup fee once."""

from collections.abc import Iterator
from fractions import Fraction

from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.line import Piece
from tenantry.operations.billing.parts import Part

BASE = "Monthly fee"
SETUP = "Setup fee"


def rate_fees(parts: tuple[Part, ...], index: int, month: UsagePeriod) -> Iterator[tuple[str, Piece]]:
    """Yield the label and the piece of each fee of a part."""
    part = parts[index]
    base = part.terms.fees.base
    if base is not None:
        days, whole = len(part.charged_days), month.days
        detail = "" if days == whole else f"{days} of {whole} days"
        yield BASE, Piece("base", detail, None, None, Fraction(base) * days / whole, f"{base} × {days} ÷ {whole} days")
    if (piece := _setup(part, month)) and index == _last_with_setup(parts, month):
        yield SETUP, piece


def _setup(part: Part, month: UsagePeriod) -> Piece | None:
    setup = part.terms.fees.setup
    if setup is None or not month.first <= setup.once <= month.last:
        return None
    return Piece("setup", "once", None, None, Fraction(setup.amount), f"once, on {setup.once}; never by days")


def _last_with_setup(parts: tuple[Part, ...], month: UsagePeriod) -> int:
    """Return the last part that has a setup fee in this month: its fee is charged, and no other part's."""
    return max(index for index, part in enumerate(parts) if _setup(part, month))
