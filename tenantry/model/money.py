"""Exact money: fractions while a statement is rated, integers of 10⁻⁹ in the ledger, minor units in documents.

A float never takes part: 0.1 has no exact binary value.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from fractions import Fraction
from functools import cache
from typing import Annotated, NewType

from pydantic import BeforeValidator, WithJsonSchema

from tenantry.model.written import Pattern, Text, refusal

Currency = Annotated[Text, Pattern(r"^[a-z]{3}$", "must be an ISO 4217 currency in lower case, such as usd or eur")]

Nano = NewType("Nano", int)
"""Billionths of a currency's unit, as a ledger keeps an amount: 1.50 usd is 1,500,000,000."""

NANO = 10**9
LARGEST = 2**63 - 1
"""The largest whole number that both databases keep."""
_DIGITS = Context(prec=40)

_AMOUNT = r"^[0-9]{1,9}(\.[0-9]{1,9})?$"


def _read_amount(value: object) -> Decimal:
    if isinstance(value, str) and re.fullmatch(_AMOUNT, value):
        return Decimal(value)
    raise refusal('must be an amount in quotes, such as "0.0079", with 9 decimals at most')


AmountText = Annotated[Decimal, BeforeValidator(_read_amount), WithJsonSchema({"type": "string", "pattern": _AMOUNT})]
"""An amount that is written as text."""

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


class MoneyError(ValueError):
    """An amount that can't be kept: too large, or finer than a billionth."""


def nano_of(amount: Decimal | Fraction | int) -> Nano:
    """Return an amount in billionths, exactly; raises MoneyError."""
    if isinstance(amount, Decimal) and not amount.is_finite():
        raise MoneyError(f"{amount} is no amount of money")
    exact = Fraction(amount) * NANO
    if exact.denominator != 1:
        raise MoneyError(f"{amount} is finer than a billionth of a unit, which is the finest that is kept")
    if abs(exact.numerator) > LARGEST:
        raise MoneyError(f"{amount} is too large: up to {decimal_of(Nano(LARGEST)):,} is kept")
    return Nano(exact.numerator)


def decimal_of(amount: Nano) -> Decimal:
    """Return billionths as a number of units, with nine decimals."""
    return Decimal(amount).scaleb(-9, _DIGITS)


def check_price(value: Decimal) -> Decimal:
    """Return a price or an amount of a manifest, or refuse it."""
    if value.is_signed():
        raise refusal("must not be negative")
    if value >= NANO:
        raise refusal("must be below 1,000,000,000")
    if Fraction(value) * NANO % 1:
        raise refusal("has more than 9 decimals")
    return value
