"""The days that usage is read for: whole days of UTC, both ends included, as Twilio counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)
_MONTH = re.compile(r"(?!0000)(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class UsagePeriod:
    """From the first day to the last; raises ValueError where the last comes before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the last day, {self.last}, comes before the first, {self.first}")

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> datetime:
        """The first moment in it."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + DAY, time(), UTC)

    def each_day(self) -> Iterator[date]:
        """Yield its days, the first one first."""
        return (self.first + number * DAY for number in range(self.days))

    def has_begun(self, now: datetime) -> bool:
        """Return whether any of it lies before now."""
        return self.begin <= now

    def is_over(self, now: datetime) -> bool:
        """Return whether all of it lies before now."""
        return self.end <= now

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment lies in it."""
        return self.begin <= moment < self.end


def month_of(year: int, month: int) -> UsagePeriod:
    """Return a month; raises ValueError for one that no calendar has."""
    first = date(year, month, 1)
    return UsagePeriod(first, (first + 31 * DAY).replace(day=1) - DAY)


def read_month(text: str) -> UsagePeriod:
    """Return the month that is written as `2026-03`; raises ValueError for anything else."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is no month such as 2026-03")
    return month_of(int(found[1]), int(found[2]))


def month_before(month: UsagePeriod) -> UsagePeriod:
    """Return the month before the one in which a period begins."""
    last = month.first.replace(day=1) - DAY
    return month_of(last.year, last.month)


def last_whole_month(now: datetime) -> UsagePeriod:
    """Return the month before the one of now, in UTC."""
    last = now.astimezone(UTC).date().replace(day=1) - DAY
    return month_of(last.year, last.month)
