"""What Twilio said that an account used: one category in one period. Its figures are exact, and may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Literal

from tenantry.model.usage_period import UsagePeriod

TOTAL = "totalprice"
"""The category whose price is that of all others; its usage is the price again, and it counts nothing."""
Granularity = Literal["period", "day"]
EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
"""Adds without rounding, or fails."""


@dataclass(frozen=True)
class UsageReading:
    """One usage record as it was read. A figure that Twilio left out is None, which is never 0."""

    tenant: str | None
    """The slug; None of an account that is no tenant's."""
    account_sid: str
    period: UsagePeriod
    """Of granularity `day` it is one day."""
    granularity: Granularity
    category: str
    count: Decimal | None
    """How many events, such as messages."""
    count_unit: str | None
    usage: Decimal | None
    """How much, in the unit of the category, such as minutes or segments."""
    usage_unit: str | None
    price: Decimal | None
    """What Twilio charges the parent for it; positive is a cost."""
    price_unit: str | None
    """The currency, lower-case, such as `usd`."""
    as_of: datetime | None
    """Up to when Twilio had counted, in UTC."""

    @property
    def is_used(self) -> bool:
        """Whether a figure is not 0: Twilio lists categories that nobody used too."""
        return any(figure for figure in (self.count, self.usage, self.price))


def add_exactly(figures: Iterable[Decimal]) -> Decimal:
    """Return the sum without a rounded digit."""
    total = Decimal(0)
    for figure in figures:
        total = EXACT.add(total, figure)
    return total


def add_known(figures: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of the figures that there are; None where there is none, which is not 0."""
    known = [figure for figure in figures if figure is not None]
    return add_exactly(known) if known else None
