"""The time on Twilio's own clock, from the Date headers of its answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from tenantry.twilio.http.retry_policy import format_http_date

ALLOWED = timedelta(minutes=1)
"""How far this machine's clock may differ from Twilio's before anything is refused or corrected."""


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

    @property
    def ahead(self) -> timedelta | None:
        """How far Twilio's clock is ahead of ours, to about a second; None before the first answer."""
        return self._ahead

    def note(self, date: str | None) -> None:
        """Take over the Date header of an answer of Twilio's, but never go back.

        Answers arrive late and out of order, and only young keys are ever deleted: with a clock that is too slow, an
        old one would look young.
        """
        moment = format_http_date(date)
        if moment is None:
            return
        with self._lock:
            ahead = moment - self._clock()
            self._ahead = ahead if self._ahead is None else max(self._ahead, ahead)


def describe_clock_difference(ahead: timedelta | None) -> str | None:
    """Return, as the beginning of a sentence, how the clocks differ; None where they differ by no more than ALLOWED.

    `ahead` is how far Twilio's clock is ahead of ours; None, before the first answer, is no proof that they agree.
    """
    if ahead is None:
        return "no answer from Twilio has a time"
    if abs(ahead) <= ALLOWED:
        return None
    return f"this machine's clock is {_round(abs(ahead))} {'behind' if ahead > timedelta() else 'ahead of'} Twilio's"


def _round(span: timedelta) -> str:
    """Return a span in the largest unit of which it has two."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if span >= 2 * unit:
            return f"{round(span / unit)} {name}"
    return f"{round(span.total_seconds())} seconds"
