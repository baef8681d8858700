"""A line of a statement, with its exact amount and the one that is charged.

Lines, and all that holds them, are named tuples: a run makes a million of them, and a frozen dataclass takes three
times as long to make.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from tenantry.model.money import Exact, minor_unit_of, round_to

ZERO = Decimal(0)
LineKind = Literal["fee", "charge", "discount", "minimum", "correction", "adjustment", "tax"]


class Line(NamedTuple):
    """One line, in the order of the statement. Label, detail, quantity, unit price and amount are the customer's."""

    key: str
    """What it is, the same when it is rated again: `acme/2026-03-01/charges/sms/overage`. For us."""
    kind: LineKind
    label: str
    detail: str
    """What stands beside the label, such as `17 of 31 days`; may be empty."""
    quantity: Decimal | None
    unit_price: Decimal | None
    exact: Exact
    amount: Decimal
    """The exact amount, rounded half up to the currency's minor unit."""
    rule: str
    """How the amount came about, in one sentence. For us."""


class Piece(NamedTuple):
    """What a strategy makes of a charge: a line before it is rounded and has a label."""

    name: str
    """Its part of the line's key."""
    detail: str
    quantity: Decimal | None
    unit_price: Decimal | None
    exact: Exact
    rule: str


class LineForm(NamedTuple):
    """What the lines of one charge, or of a part's fees, have in common."""

    key: str
    kind: LineKind
    label: str
    days: str
    """The days of the part, where the month has several; else empty."""
    minor_unit: Decimal

    @classmethod
    def of(cls, key: str, kind: LineKind, label: str, days: str, currency: str) -> "LineForm":
        """Return a form for lines in a currency."""
        return cls(key, kind, label, days, minor_unit_of(currency))

    def round(self, piece: Piece) -> Line:
        """Return the line of a piece: rounded once, from the exact amount."""
        key, kind, label, days, minor_unit = self
        name, detail, quantity, unit_price, exact, rule = piece
        if days:
            detail = f"{detail}, {days}" if detail else days
        return Line(
            f"{key}/{name}", kind, label, detail, quantity, unit_price, exact, round_to(exact, minor_unit), rule
        )


def sum_lines(lines: Iterable[Line]) -> Decimal:
    """Return the sum of the rounded amounts: prices and units have bounds, so 28 digits hold it exactly."""
    return sum([line.amount for line in lines], ZERO)
