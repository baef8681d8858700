"""Numbers of documents: text without an exponent, so that no reader of JSON rounds them."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from tenantry.model.money import decimals_of

FIGURE = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
"""What a published schema says of a figure."""


def write_figure(number: Decimal) -> str:
    """Return a number as text without an exponent: 1E+3 is 1000."""
    return f"{number:f}"


Figure = Annotated[
    Decimal, PlainSerializer(write_figure, return_type=str), WithJsonSchema(FIGURE, mode="serialization")
]
"""An exact decimal, such as `0.0075`."""


def exact_figure(number: Decimal | Fraction | int) -> str:
    """Return an exact amount as text: 12.5, or 1/3 where no decimal is exact."""
    exact = Fraction(number)
    denominator = exact.denominator
    twos = (denominator & -denominator).bit_length() - 1
    denominator >>= twos
    fives = 0
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    if denominator != 1:
        return str(exact)
    digits = max(twos, fives)
    return write_figure(_scale(int(exact * 10**digits), -digits))


def _scale(digits: int, exponent: int) -> Decimal:
    """Return digits with a decimal point, however many they are: a context would round after 28."""
    return Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), exponent))


def shorten_price(price: Decimal, currency: str) -> Decimal:
    """Return a price without zeros at its end, but with the decimals of the minor unit: 10.000000000 is 10.00."""
    text = write_figure(price)
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(decimals_of(currency), "0")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


class Document(BaseModel):
    """A part of a published document: frozen, and nothing else in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    def plain(self) -> dict[str, Any]:
        """Return its data, ready for JSON."""
        return self.model_dump(mode="json")
