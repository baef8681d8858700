"""Exact money: fractions while a statement is rated, integers of 10⁻⁹ in the ledger, minor units in documents.

A float never takes part: 0.1 has no exact binary value.
"""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from fractions import Fraction
from functools import cache
from typing import Annotated

from tenantry.model.written import Pattern, Text, refusal

Currency = Annotated[Text, Pattern(r"^[a-z]{3}$", "must be an ISO 4217 currency in lower case, such as usd or eur")]

NANO = 10**9
"""A ledger keeps an amount as an integer of 10⁻⁹ of its currency."""

_WHOLE = "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf"
NO_MINOR_UNIT = frozenset(_WHOLE.split())
THOUSANDTHS = frozenset(["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"])
"""ISO 4217: currencies without a minor unit, and those with three decimals. All others have two."""


Exact = Decimal | Fraction
"""An exact amount: a fraction where a division leaves no finite decimal."""
_WIDE = Context(prec=200, traps=[InvalidOperation, Overflow])


def decimals_of(currency: str) -> int:
    """Return the decimals of a currency's minor unit: 0, 2 or 3."""
    if currency in NO_MINOR_UNIT:
        return 0
    return 3 if currency in THOUSANDTHS else 2


@cache
def minor_unit_of(currency: str) -> Decimal:
    """Return a currency's minor unit, such as 0.01."""
    return Decimal(1).scaleb(-decimals_of(currency))


def round_half_up(exact: Exact, currency: str) -> Decimal:
    """Return an exact amount in whole minor units; a half goes away from zero, below zero too."""
    return round_to(exact, minor_unit_of(currency))


def round_to(exact: Exact, unit: Decimal) -> Decimal:
    """Return the nearest multiple of a unit such as 0.01; a half goes away from zero."""
    if isinstance(exact, Decimal):
        rounded = exact.quantize(unit, ROUND_HALF_UP, _WIDE)
        return rounded if rounded else abs(rounded)  # never -0.00
    doubled = abs(exact) / Fraction(unit) * 2
    units = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return (-units if exact < 0 else units) * unit


def to_minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount as an integer of minor units, such as cents; ValueError if it has a part of one."""
    scaled = amount.scaleb(decimals_of(currency))
    if scaled != int(scaled):
        raise ValueError(f"{amount} {currency} is not a whole number of minor units")
    return int(scaled)


def to_nano(amount: Decimal | Fraction) -> int:
    """Return an amount as an integer of 10⁻⁹; ValueError if it has more decimals than that."""
    scaled = Fraction(amount) * NANO
    if scaled.denominator != 1:
        raise ValueError(f"{amount} has more than 9 decimals")
    return scaled.numerator


def from_nano(nano: int) -> Decimal:
    """Return the amount of an integer of 10⁻⁹, without needless zeros."""
    return Decimal(nano).scaleb(-9).normalize() if nano else Decimal(0)


def check_price(value: Decimal) -> Decimal:
    """Return a price or an amount of a manifest, or refuse it."""
    if value.is_signed():
        raise refusal("must not be negative")
    if value >= NANO:
        raise refusal("must be below 1,000,000,000")
    if Fraction(value) * NANO % 1:
        raise refusal("has more than 9 decimals")
    return value
