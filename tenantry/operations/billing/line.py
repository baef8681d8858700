"""A line of a statement, with its exact amount and the one that is charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from tenantry.model.money import round_half_up
from tenantry.model.usage_reading import add_exactly

LineKind = Literal["fee", "charge", "discount", "minimum", "correction", "adjustment", "tax"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in the order of the statement. Label, detail, quantity, unit price and amount are the customer's."""

    key: str
    """What it is, the same when it is rated again: `acme/2026-03-01/charges/sms/overage`. For us."""
    kind: LineKind
    label: str
    detail: str
    """What stands beside the label, such as `17 of 31 days`; may be empty."""
    quantity: Decimal | None
    unit_price: Decimal | None
    exact: Fraction
    amount: Decimal
    """The exact amount, rounded half up to the currency's minor unit."""
    rule: str
    """How the amount came about, in one sentence. For us."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a strategy makes of a charge: a line before it is rounded and has a label."""

    name: str
    """Its part of the line's key."""
    detail: str
    quantity: Decimal | None
    unit_price: Decimal | None
    exact: Fraction
    rule: str


def sum_of(lines: Iterable[Line]) -> Decimal:
    """Return the sum of the rounded amounts."""
    return add_exactly(line.amount for line in lines)


def round_piece(piece: Piece, key: str, kind: LineKind, label: str, currency: str) -> Line:
    """Return the line of a piece: rounded once, from the exact amount."""
    amount = round_half_up(piece.exact, currency)
    detail, quantity, price = piece.detail, piece.quantity, piece.unit_price
    return Line(f"{key}/{piece.name}", kind, label, detail, quantity, price, piece.exact, amount, piece.rule)
