"""The fake's time, which can be moved forward but never back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

LATEST = 95_617_584_000  # seconds since 1970: the year 5000, so that days can still be added to any date


class Clock:
    """Twilio's clock: real time plus what was skipped, in whole seconds as Twilio shows it."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._skipped = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(int(self._source() + self._skipped), UTC)

    def advance(self, seconds: float) -> None:
        """Skip so many seconds; raises ValueError where `check` does."""
        self.check(seconds)
        self._skipped += seconds

    def check(self, seconds: float) -> None:
        """Raise ValueError below zero, because Twilio's clock never goes back, and for what is too far ahead."""
        if seconds < 0:
            raise ValueError(f"the fake's clock can't go back ({seconds} s)")
        if self._source() + self._skipped + seconds > LATEST:
            raise ValueError(f"the fake's clock can't go past the year 5000 ({seconds} s)")
