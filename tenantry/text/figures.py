"""Exact figures as people read them."""

from decimal import Decimal

UNKNOWN = "not available"


def amount_text(amount: Decimal | None) -> str:
    """Return an amount of money with all its digits, two decimals at least: `0.0075`, `12.50`; never an exponent."""
    if amount is None:
        return UNKNOWN
    text = f"{amount:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def quantity_text(quantity: Decimal | None) -> str:
    """Return a quantity with all its digits and without zeros at the end: `5`, `1.25`."""
    if quantity is None:
        return UNKNOWN
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
