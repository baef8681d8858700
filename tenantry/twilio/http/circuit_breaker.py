"""Hosts that nobody gets an answer from: noticed once, not waited out by each of thousands of calls."""

from threading import Lock


class Outage:
    """Counts failed tries in a row, host by host; for all threads."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._lock = Lock()
        self._in_a_row: dict[str, int] = {}

    def failed(self, host: str) -> int | None:
        """Note a try that failed; return how many have in a row if they are so many that no call is sent again."""
        with self._lock:
            count = self._in_a_row[host] = self._in_a_row.get(host, 0) + 1
        return count if count > self._after else None

    def answered(self, host: str) -> None:
        """Note an answer: what failed now may work a moment later."""
        if self._in_a_row.get(host):
            with self._lock:
                self._in_a_row[host] = 0
