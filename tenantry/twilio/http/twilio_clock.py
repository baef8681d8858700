"""The time on Twilio's own clock, as its answers tell it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from tenantry.twilio.http.retry_policy import http_date


def utc_now() -> datetime:
    """Return our clock's time."""
    return datetime.now(UTC)


class TwilioClock:
    """How far Twilio's clock is ahead of ours; for all threads."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the time on Twilio's clock; ours until there was an answer."""
        return self._clock() + (self._ahead or timedelta())

    def note(self, date: str | None) -> None:
        """Take over the Date header of an answer of Twilio's, but never go back.

        Answers arrive late and out of order, and only young keys are ever deleted: with a clock that is too slow, an
        old one would look young.
        """
        told = http_date(date)
        if told is None:
            return
        with self._lock:
            ahead = told - self._clock()
            self._ahead = ahead if self._ahead is None else max(self._ahead, ahead)
