"""The days that usage is asked for, cut into the periods that Twilio answers in; all dates are GMT."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from faketwilio.wire.dates import DAY
from faketwilio.wire.errors import invalid
from faketwilio.wire.forms import Form

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
OFFSET = re.compile(r"([+-]\d{1,6})days?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date


def find_period_start(recurring: str | None, now: datetime) -> date | None:
    """The day on which the current day, month or year began; None when a trigger never starts again."""
    start = STARTS.get(recurring or "")
    return start(now.date()) if start else None


def read_period(params: Form, today: date, earliest: date) -> Period:
    """From `StartDate` to `EndDate`, as dates or as offsets such as `-30days`; without them all until today."""
    first, last = _read_date(params, "StartDate", today), _read_date(params, "EndDate", today)
    if first is not None and last is not None and first > last:
        raise invalid("EndDate", last.isoformat())
    last = min(last or today, today)
    return Period(min(earliest, last) if first is None else first, last)


def split(asked: Period, recurring: str) -> Iterator[Period]:
    """The days, months or years of a period, newest first; the outer ones as far as they were asked for."""
    start, last = STARTS[recurring], asked.last if asked.first <= asked.last else None
    while last is not None:
        first = max(start(last), asked.first)
        yield Period(first, last)
        last = first - DAY if first > asked.first else None


def single(asked: Period, name: str, today: date) -> Iterator[Period]:
    """The one period of that name, as far as it was asked for; nothing if it was not."""
    named = SINGLES[name](today)
    first, last = max(named.first, asked.first), min(named.last, asked.last)
    if first <= last:
        yield Period(first, last)


def day_of(text: str) -> date:
    """The day that is written as `YYYY-MM-DD`; raises ValueError for anything else, other ISO dates too."""
    if not DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no day such as 2027-01-31")
    return date.fromisoformat(text)


def _find_last_month(today: date) -> Period:
    last = today.replace(day=1) - DAY
    return Period(last.replace(day=1), last)


STARTS: dict[str, Callable[[date], date]] = {
    "daily": lambda day: day,
    "monthly": lambda day: day.replace(day=1),
    "yearly": lambda day: day.replace(month=1, day=1),
}
SINGLES: dict[str, Callable[[date], Period]] = {
    "Today": lambda today: Period(today, today),
    "Yesterday": lambda today: Period(today - DAY, today - DAY),
    "ThisMonth": lambda today: Period(today.replace(day=1), today),
    "LastMonth": _find_last_month,
}


def _read_date(params: Form, name: str, today: date) -> date | None:
    text = params.get(name)
    if text is None or text == "":
        return None
    offset = OFFSET.fullmatch(text)
    try:
        return today + timedelta(days=int(offset[1])) if offset else day_of(text)
    except (ValueError, OverflowError) as error:
        raise invalid(name, text) from error
