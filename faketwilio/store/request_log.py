"""What was asked of the fake: counts, a bounded log, and how many requests were in flight at once."""

import re
from collections import Counter, deque
from dataclasses import dataclass

LOG_LENGTH = 20_000  # of the newest requests
SID = re.compile(r"\b[A-Z]{2}[0-9a-f]{32}\b")


@dataclass(frozen=True)
class Visit:
    """One request while it is in flight; `account` is the one whose credentials it claims."""

    method: str
    host: str
    path: str
    account: str | None


class RequestLog:
    """The requests of one store since it was made or last cleared."""

    def __init__(self) -> None:
        self._flying: Counter[str | None] = Counter()
        self.clear()

    def clear(self) -> None:
        """Forget what was counted; what is in flight stays so."""
        self.count: Counter[str] = Counter()
        self.log: deque[tuple[str, str, str, int | None, str | None]] = deque(maxlen=LOG_LENGTH)
        self.total = 0
        self.most_in_flight = self._flying.total()

    def enter(self, visit: Visit) -> int:
        """Count a request that came in; returns how many of its account are now in flight."""
        self.count[f"{visit.method} {SID.sub('{Sid}', visit.path)}"] += 1
        self.total += 1
        self._flying[visit.account] += 1
        self.most_in_flight = max(self.most_in_flight, self._flying.total())
        return self._flying[visit.account]

    def leave(self, visit: Visit, status: int | None) -> None:
        """Log a request that was answered, or was not (status None)."""
        self._flying[visit.account] -= 1
        if not self._flying[visit.account]:
            del self._flying[visit.account]
        self.log.append((visit.method, visit.host, visit.path, status, visit.account))

    def as_json(self) -> dict[str, object]:
        return {
            "count": dict(sorted(self.count.items())),
            "total": self.total,
            "most_in_flight": self.most_in_flight,
            "in_flight": self._flying.total(),
            "log": [list(line) for line in self.log],
        }
