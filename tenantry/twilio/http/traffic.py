"""What a run costs at Twilio's API, host by host."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal, NamedTuple


class Count(NamedTuple):
    """One thing to count: a call that is sent, an answer with 429, a wait before a call is sent again.

    Or an object that was there already and was taken over: then its SID stands in the place of the host.
    """

    what: Literal["sent", "throttled", "waits", "taken"]
    host: str
    number: float = 0
    """Of a call that is sent, how many are then in flight; of a wait, its seconds."""


@dataclass(frozen=True)
class HostTraffic:
    """Calls that were sent to one host; each try counts."""

    requests: int = 0
    throttled: int = 0
    """Answers with 429."""
    retried: int = 0
    """Calls that were sent again for whatever reason, or looked for again because their answer was lost."""
    waited: float = 0.0
    """Seconds slept before sending again, summed over all threads."""

    def plus(self, count: Count) -> "HostTraffic":
        """Return the traffic with one more count."""
        match count.what:
            case "sent":
                return replace(self, requests=self.requests + 1)
            case "throttled":
                return replace(self, throttled=self.throttled + 1)
            case "waits":
                return replace(self, retried=self.retried + 1, waited=self.waited + count.number)
            case "taken":
                return self


@dataclass(frozen=True)
class Traffic:
    """Calls that were sent, by host, and how many of them were in flight at most."""

    hosts: Mapping[str, HostTraffic] = field(default_factory=dict)
    most_in_flight: int = 0
    taken: frozenset[str] = frozenset()
    """SIDs of the objects that were there already and were taken over."""

    @property
    def requests(self) -> int:
        """Calls to all hosts."""
        return sum(host.requests for host in self.hosts.values())

    @property
    def throttled(self) -> int:
        """Answers with 429 of all hosts."""
        return sum(host.throttled for host in self.hosts.values())

    @property
    def retried(self) -> int:
        """Calls to all hosts that were tried again."""
        return sum(host.retried for host in self.hosts.values())

    @property
    def waited(self) -> float:
        """Seconds slept for all hosts."""
        return sum(host.waited for host in self.hosts.values())

    def plus(self, count: Count) -> "Traffic":
        """Return the traffic with one more count."""
        if count.what == "taken":
            return replace(self, taken=self.taken | {count.host})
        host = self.hosts.get(count.host, HostTraffic()).plus(count)
        in_flight = int(count.number) if count.what == "sent" else 0
        return replace(self, hosts={**self.hosts, count.host: host}, most_in_flight=max(self.most_in_flight, in_flight))

    def then(self, later: "Traffic") -> "Traffic":
        """Return the traffic of two processes that ran one after the other."""
        hosts = {name: _sum(self.hosts.get(name), later.hosts.get(name)) for name in {**self.hosts, **later.hosts}}
        return Traffic(hosts, max(self.most_in_flight, later.most_in_flight), self.taken | later.taken)


class Counter:
    """Counts traffic for all threads, and hands each thing that it counts to `note`, from several threads at once."""

    def __init__(self, note: Callable[[Count], None] = lambda _: None) -> None:
        self._note = note
        self._lock = Lock()
        self._traffic = Traffic()
        self._in_flight = 0

    @property
    def traffic(self) -> Traffic:
        """What was counted up to now."""
        return self._traffic

    @contextmanager
    def request(self, host: str) -> Iterator[None]:
        """Count a request, and that it is in flight."""
        with self._lock:
            self._in_flight += 1
            count = Count("sent", host, self._in_flight)
            self._traffic = self._traffic.plus(count)
        self._note(count)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def count_throttled(self, host: str) -> None:
        """Count an answer with 429."""
        self._count(Count("throttled", host))

    def count_wait(self, host: str, seconds: float) -> None:
        """Count that a call is tried again after so many seconds."""
        self._count(Count("waits", host, seconds))

    def count_takeover(self, sid: str) -> None:
        """Note that an object which was there already is taken over."""
        self._count(Count("taken", sid))

    def _count(self, count: Count) -> None:
        with self._lock:
            self._traffic = self._traffic.plus(count)
        self._note(count)


def _sum(first: HostTraffic | None, second: HostTraffic | None) -> HostTraffic:
    found = [host for host in (first, second) if host]
    return HostTraffic(
        sum(host.requests for host in found),
        sum(host.throttled for host in found),
        sum(host.retried for host in found),
        sum(host.waited for host in found),
    )
