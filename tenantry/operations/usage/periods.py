"""The days that a person asks for, and the time zone of a log's days."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenantry.model.usage_period import UsagePeriod, last_whole_month, read_month
from tenantry.operations.errors import StoppedError


def choose_days(month: str | None, first: date | None, last: date | None, now: datetime) -> UsagePeriod:
    """Return a month or the days from first to last; raises StoppedError where they are none, or have not begun."""
    if month is not None and (first or last):
        raise StoppedError("Give --month, or --from and --to, not both. Nothing was read.")
    if (first is None) != (last is None):
        raise StoppedError("--from and --to go together: whole days of UTC, both included. Nothing was read.")
    if first is None or last is None:
        return choose_month(month, now, "Nothing was read")
    if last < first:
        raise StoppedError(f"--to {last} comes before the first day, {first}. Nothing was read.")
    return _require_begun(UsagePeriod(first, last), now, "Nothing was read; name days that have begun.")


def choose_month(month: str | None, now: datetime, undone: str) -> UsagePeriod:
    """Return a month, the last whole one where none is given; raises StoppedError, which says what was not done."""
    if month is None:
        return last_whole_month(now)
    try:
        period = read_month(month)
    except ValueError as error:
        raise StoppedError(f"--month: {error}. {undone}.") from error
    return _require_begun(period, now, f"{undone}; name a month that has begun.")


def find_zone(name: str) -> tzinfo:
    """Return a time zone by its name; raises StoppedError where none has it."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        sentence = f"--time-zone: no time zone '{name}' is known here; one is America/New_York. Nothing was read."
        raise StoppedError(sentence) from error


def _require_begun(period: UsagePeriod, now: datetime, undone: str) -> UsagePeriod:
    if not period.has_begun(now):
        raise StoppedError(f"{period} has not begun: it is {now:%Y-%m-%d %H:%M} UTC. {undone}")
    return period
