"""Guards against a rule with a typo, a clock that is wrong, and a list that grew since it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final

from tenantry.operations.errors import StoppedError
from tenantry.text.counts import format_count
from tenantry.twilio.http.twilio_clock import describe_clock_difference

SMALL: Final = 20
"""Up to so many due records no percentage is compared: one of two is 50 %."""
SLACK: Final = 1_000
"""So many records more than were counted a rule may delete: a page, that came into view since."""
CLOCKS_DIFFER = (
    "{}, so nobody knows which records are too old. Nothing was deleted. Set the clock right, then run again."
)


@dataclass(frozen=True)
class Limits:
    """The most that a run may delete: records in all, and a percentage of those of one kind of one tenant."""

    deletes: int = 100_000
    percent: int = 20


def refuse_wrong_clock(ahead: timedelta | None) -> None:
    """Raise StoppedError where this machine's clock is not Twilio's."""
    if (differs := describe_clock_difference(ahead)) is not None:
        raise StoppedError(CLOCKS_DIFFER.format(f"{differs[0].upper()}{differs[1:]}"))


def refuse_too_many(due: int, limits: Limits) -> str | None:
    """Return why a run that would delete so many records deletes none; None if it may."""
    if due <= limits.deletes:
        return None
    return (
        f"{format_count(due, 'record')} are due, and the limit is {limits.deletes}. Nothing was deleted. Look at the "
        f"dry run; if it is meant, run again with --max-deletes {due}."
    )


def records_to_see(due: int, limits: Limits) -> int:
    """Return how many records of the kind there must be for so many deletions; 0 where no percentage is compared."""
    if due <= SMALL or limits.percent >= 100:
        return 0
    return due + 1 if limits.percent == 0 else -(-due * 100 // limits.percent)


def refuse_share(due: int, seen: int, limits: Limits) -> str | None:
    """Return why a rule that would delete so many of the records of its kind deletes none; None if it may."""
    if seen >= records_to_see(due, limits) and (limits.percent or due <= SMALL):
        return None
    share = -(-due * 100 // max(seen, due, 1))
    return (
        f"it would delete {due} of {format_count(max(seen, due), 'record')} ({share} %), and the limit is "
        f"{limits.percent} %; if it is meant, run again with --max-deletes-percent {share}"
    )


class Budget:
    """How many records may still be deleted; for all threads."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = Lock()

    def take(self, wanted: int) -> int:
        """Take so many deletions, or as many as are left, and return their number."""
        with self._lock:
            taken = max(0, min(wanted, self._left))
            self._left -= taken
            return taken
