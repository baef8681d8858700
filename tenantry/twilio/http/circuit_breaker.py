"""A circuit breaker: when a host answers no call, thousands of calls fail fast instead of each trying again."""

from threading import Lock


class CircuitBreaker:
    """Counts failed tries in a row, host by host; for all threads."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._lock = Lock()
        self._in_a_row: dict[str, int] = {}

    def record_failure(self, host: str) -> int | None:
        """Count a failed try; return the number of failures in a row if it is above the threshold, else None."""
        with self._lock:
            count = self._in_a_row[host] = self._in_a_row.get(host, 0) + 1
        return count if count > self._after else None

    def record_success(self, host: str) -> None:
        """Record an answer, which resets the count."""
        if self._in_a_row.get(host):
            with self._lock:
                self._in_a_row[host] = 0
