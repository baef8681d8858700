"""Turns: each call of an account waits in line until the account's limit lets it go."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from tenantry.twilio.http.limit import Limit


@dataclass(eq=False)
class Turn:
    """One call's place in the line, and then in flight."""

    granted: Event = field(default_factory=Event)
    number: int = 0
    """The how manieth turn this was of its account."""
    in_flight: int = 0
    """How many calls were in flight when this one could go, itself included."""


class Limiter:
    """The line of one account, for all threads: first come, first served, and nobody waits while there is room."""

    def __init__(self, limit: Limit | None = None) -> None:
        self._limit = limit or Limit()
        self._lock = Lock()
        self._line: deque[Turn] = deque()
        self._in_flight = 0
        self._granted = 0
        self._granted_at_cut = 0

    @property
    def limit(self) -> Limit:
        """The limit as of now."""
        return self._limit

    @property
    def in_flight(self) -> int:
        """How many calls have their turn now."""
        return self._in_flight

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for a turn and have it; not to be kept while waiting for anything but the answer."""
        turn = self.join()
        try:
            turn.granted.wait()
            yield turn
        finally:
            self.leave(turn)

    def join(self) -> Turn:
        """Take a place in the line, which may be granted at once."""
        turn = Turn()
        with self._lock:
            self._line.append(turn)
            self._grant()
        return turn

    def leave(self, turn: Turn) -> None:
        """Give a turn back, or a place in the line."""
        with self._lock:
            if turn.granted.is_set():
                self._in_flight -= 1
            else:
                self._line.remove(turn)
            self._grant()

    def accepted(self, turn: Turn, told: int | None) -> None:
        """Learn that Twilio took a call; `told` is what it says is in flight for the account."""
        with self._lock:
            full = self._in_flight >= self._limit.calls
            self._limit = self._limit.accepted(turn.in_flight, told, full=full)

    def refused(self, turn: Turn, told: int | None) -> None:
        """Learn that Twilio answered 429. Calls that were on their way before the last cut say nothing new."""
        with self._lock:
            if turn.number > self._granted_at_cut:
                # Calls that went after this one may have come there before it: they are ours, not somebody else's.
                self._limit = self._limit.refused(max(turn.in_flight, self._in_flight), told)
                self._granted_at_cut = self._granted

    def _grant(self) -> None:
        while self._line and self._in_flight < self._limit.calls:
            turn = self._line.popleft()
            self._in_flight += 1
            self._granted += 1
            turn.in_flight, turn.number = self._in_flight, self._granted
            turn.granted.set()
