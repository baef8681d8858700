"""A concurrency limiter: each call of an account waits in a queue until the account's limit permits it."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from tenantry.twilio.http.limit import Limit


@dataclass(eq=False)
class Permit:
    """Permission for one call to be in flight; until it is granted, the call's place in the queue."""

    granted: Event = field(default_factory=Event)
    number: int = 0
    """The number of this permit, counted from 1 for each account."""
    in_flight: int = 0
    """How many calls were in flight when this one could go, itself included."""


class Limiter:
    """The queue of one account, for all threads: first come, first served, and no call waits while there is room."""

    def __init__(self, limit: Limit | None = None) -> None:
        self._limit = limit or Limit()
        self._lock = Lock()
        self._line: deque[Permit] = deque()
        self._in_flight = 0
        self._granted = 0
        self._granted_at_cut = 0

    @property
    def limit(self) -> Limit:
        """The limit as of now."""
        return self._limit

    @property
    def in_flight(self) -> int:
        """How many calls hold a permit now."""
        return self._in_flight

    @contextmanager
    def permit(self) -> Iterator[Permit]:
        """Wait for a permit and hold it. Hold it only while waiting for the answer, never during a retry's wait."""
        permit = self.join()
        try:
            permit.granted.wait()
            yield permit
        finally:
            self.leave(permit)

    def join(self) -> Permit:
        """Join the queue; the permit may be granted at once."""
        permit = Permit()
        with self._lock:
            self._line.append(permit)
            self._grant()
        return permit

    def leave(self, permit: Permit) -> None:
        """Give a permit back, or leave the queue."""
        with self._lock:
            if permit.granted.is_set():
                self._in_flight -= 1
            else:
                self._line.remove(permit)
            self._grant()

    def record_accepted(self, permit: Permit, concurrency: int | None) -> None:
        """Record that Twilio accepted a call; `concurrency` is what it says is in flight for the account."""
        with self._lock:
            full = self._in_flight >= self._limit.calls
            self._limit = self._limit.after_success(permit.in_flight, concurrency, full=full)

    def record_throttled(self, permit: Permit, concurrency: int | None) -> None:
        """Record an answer with 429. Calls that were sent before the last cut of the limit say nothing new."""
        with self._lock:
            if permit.number > self._granted_at_cut:
                # Calls that were sent after this one may have arrived before it: they are ours, not another client's.
                self._limit = self._limit.after_throttling(max(permit.in_flight, self._in_flight), concurrency)
                self._granted_at_cut = self._granted

    def _grant(self) -> None:
        while self._line and self._in_flight < self._limit.calls:
            permit = self._line.popleft()
            self._in_flight += 1
            self._granted += 1
            permit.in_flight, permit.number = self._in_flight, self._granted
            permit.granted.set()
