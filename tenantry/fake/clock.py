"""The fake's time, which can be moved forward but never back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Twilio's clock: real time plus what was skipped, in whole seconds as Twilio shows it."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._skipped = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(int(self._source() + self._skipped), UTC)

    def advance(self, seconds: float) -> None:
        """Skip so many seconds; raises ValueError below zero, because Twilio's clock never goes back."""
        if seconds < 0:
            raise ValueError(f"the fake's clock can't go back ({seconds} s)")
        self._skipped += seconds
