"""How values lie in columns: instants, days and quantities as text."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

Row = tuple[Any, ...]
Value = TypeVar("Value")

_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class StackRef:
    """Whose rows: the parent's account SID, and the stack's short name, empty where no stack is named."""

    parent: str
    stack: str = ""


@dataclass(frozen=True)
class Recorded(Generic[Value]):
    """A fact as the ledger has it; `is_new` is false where it was there before."""

    value: Value
    is_new: bool


def stamp(instant: datetime) -> str:
    """Return an aware instant as text that sorts; a naive one is an error of the caller."""
    if instant.tzinfo is None:
        raise ValueError("an instant of the ledger needs a time zone")
    return instant.astimezone(UTC).strftime(_INSTANT)


def optional_stamp(instant: datetime | None) -> str | None:
    """Return an instant as text, or None."""
    return None if instant is None else stamp(instant)


def instant_of(text: str) -> datetime:
    """Return the instant that a column holds, in UTC."""
    return datetime.fromisoformat(text)


def optional_instant(text: str | None) -> datetime | None:
    """Return the instant that a column holds, or None."""
    return None if text is None else instant_of(text)


def day_of(text: str) -> date:
    """Return the day that a column holds."""
    return date.fromisoformat(text)


def quantity(number: Decimal) -> str:
    """Return a quantity as text without an exponent."""
    if not number.is_finite():
        raise ValueError(f"{number} is no quantity")
    return f"{number:f}"


def optional_quantity(number: Decimal | None) -> str | None:
    """Return a quantity as text, or None."""
    return None if number is None else quantity(number)


def optional_decimal(text: str | None) -> Decimal | None:
    """Return the quantity that a column holds, or None."""
    return None if text is None else Decimal(text)
