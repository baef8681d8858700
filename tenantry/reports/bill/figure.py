"""Numbers and days of documents: text without an exponent, so that no reader of JSON rounds them."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer


def write_figure(number: Decimal) -> str:
    """Return a number as text without an exponent: 1E+3 is 1000."""
    return f"{number:f}"


Figure = Annotated[Decimal, PlainSerializer(write_figure, return_type=str)]


def exact_figure(number: Decimal | Fraction | int) -> str:
    """Return an exact amount as text: 12.5, or 1/3 where no decimal is exact."""
    exact = Fraction(number)
    denominator = exact.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return str(exact)
    digits = next(count for count in range(2000) if exact * 10**count % 1 == 0)
    return f"{Decimal(int(exact * 10**digits)).scaleb(-digits):f}"


class Document(BaseModel):
    """A part of a published document: frozen, and nothing else in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def plain(self) -> dict[str, Any]:
        """Return its data, ready for JSON."""
        return self.model_dump(mode="json")
