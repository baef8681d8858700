"""Money as it is kept: whole numbers of 10⁻⁹ of a currency's unit. Nothing here rounds, and nothing is a float."""

from decimal import Context, Decimal
from fractions import Fraction
from typing import NewType

Nano = NewType("Nano", int)
"""Billionths of a currency's unit: 1.50 usd is 1,500,000,000."""

NANO = 10**9
LARGEST = 2**63 - 1
"""The largest whole number that both databases keep."""
_DIGITS = Context(prec=40)


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
