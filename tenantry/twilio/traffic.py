"""What a run costs at Twilio's API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock


@dataclass(frozen=True)
class Traffic:
    """Calls that were sent since the session began; each try counts."""

    requests: int = 0
    throttled: int = 0
    """Answers with 429."""
    retried: int = 0
    """Calls sent again, for whatever reason."""
    waited: float = 0.0
    """Seconds slept before sending again, summed over all threads."""
    most_in_flight: int = 0


class Counter:
    """Counts traffic for all threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._traffic = Traffic()
        self._in_flight = 0

    @property
    def traffic(self) -> Traffic:
        """What was counted up to now."""
        return self._traffic

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request, and that it is in flight."""
        with self._lock:
            self._in_flight += 1
            most = max(self._traffic.most_in_flight, self._in_flight)
            self._traffic = replace(self._traffic, requests=self._traffic.requests + 1, most_in_flight=most)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def throttled(self) -> None:
        """Count an answer with 429."""
        with self._lock:
            self._traffic = replace(self._traffic, throttled=self._traffic.throttled + 1)

    def retry(self, waited: float) -> None:
        """Count that a call is sent again after so many seconds."""
        with self._lock:
            total = self._traffic
            self._traffic = replace(total, retried=total.retried + 1, waited=total.waited + waited)
