"""Periods of usage triggers: they begin at 00:00 GMT, and a trigger fires at most once in each."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class CapPeriod:
    """From an instant until before another; a trigger that fires once ever has neither."""

    first: datetime | None
    until: datetime | None

    @property
    def name(self) -> str:
        """The day on which it begins."""
        return f"{self.first:%Y-%m-%d}" if self.first else "ever"

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended."""
        return self.until is not None and self.until <= now


def period_at(recurring: str, instant: datetime) -> CapPeriod:
    """Return the period of a trigger that an instant lies in."""
    day = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match recurring:
        case "daily":
            return CapPeriod(day, datetime.fromordinal(day.toordinal() + 1).replace(tzinfo=UTC))
        case "monthly":
            first = day.replace(day=1)
            year, month = divmod(first.year * 12 + first.month, 12)
            return CapPeriod(first, first.replace(year=year, month=month + 1))
        case "yearly":
            first = day.replace(month=1, day=1)
            return CapPeriod(first, first.replace(year=first.year + 1))
        case _:
            return CapPeriod(None, None)


def event_identity(trigger_sid: str, recurring: str, instant: datetime, suffix: str = "") -> str:
    """Return what is the same for a callback and the sweep: the trigger and its period."""
    return f"{trigger_sid}:{period_at(recurring, instant).name}{suffix}"
