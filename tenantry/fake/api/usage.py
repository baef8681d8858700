"""Usage that was seeded through the control plane, and how much of it a trigger counts."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

LARGEST = Decimal(10) ** 15


@dataclass(frozen=True)
class Usage:
    """Some use of one category at one moment."""

    category: str
    at: datetime
    count: Decimal
    usage: Decimal
    price: Decimal


def usage_of(order: dict[str, Any], at: datetime) -> Usage:
    """The usage that is ordered in JSON, amounts as strings or whole numbers; raises ValueError for anything else."""
    category, amounts = order.get("category"), {name: order.get(name, "0") for name in ("count", "usage", "price")}
    if not isinstance(category, str) or set(order) - {"account", "category", *amounts}:
        raise ValueError('usage is {"account": SID, "category": text, "count": n, "usage": n, "price": n}')
    return Usage(category, at, **{name: _amount(name, value) for name, value in amounts.items()})


def counted(seen: list[Usage], category: str, trigger_by: str, since: datetime | None) -> Decimal:
    """What a trigger counts: its own category since the start of its period, or of all time."""
    amounts = (getattr(one, trigger_by) for one in seen if one.category == category and (not since or one.at >= since))
    return sum(amounts, Decimal(0))


def period_start(recurring: str | None, now: datetime) -> datetime | None:
    """Midnight GMT at which the current day, month or year began; None when a trigger never starts again."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    match recurring:
        case "daily":
            return midnight
        case "monthly":
            return midnight.replace(day=1)
        case "yearly":
            return midnight.replace(month=1, day=1)
    return None


def _amount(name: str, value: Any) -> Decimal:
    try:
        amount = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError(f"{name} of usage is an amount such as 5 or '0.05', not {value!r}")
    return amount
