"""The creates of this process: those without an answer, which may be repeated, and those that wait."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tenantry.engine.state.unfinished import ALLOWANCE


@dataclass(frozen=True)
class _Sent:
    """A create: when it was first sent, by Twilio's clock, and the SIDs that existed before."""

    at: datetime
    before: frozenset[str]


class Creates:
    """Creates by account and name; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[tuple[str, str], _Sent] = {}
        self._waiting: dict[str, bool] = {}

    def send(self, account_sid: str, name: str, at: datetime, before: Iterable[str]) -> None:
        """Remember that a create is sent; a repeated one without an answer keeps its first time."""
        with self._lock:
            self._sent.setdefault((account_sid, name), _Sent(at, frozenset(before)))

    def record_answer(self, account_sid: str, name: str) -> None:
        """Forget a create that has its answer: its object is known."""
        with self._lock:
            self._sent.pop((account_sid, name), None)

    def may_have_made(self, account_sid: str, name: str, sid: str, created: datetime) -> bool:
        """Return whether a create of this process without an answer may have made an object."""
        with self._lock:
            sent = self._sent.get((account_sid, name))
        return sent is not None and sid not in sent.before and created >= sent.at - ALLOWANCE

    def record_end(self, resource: str, *, waits: bool) -> None:
        """Remember that a resource was made, or that it waits to be made, by its name in the stack."""
        with self._lock:
            self._waiting[resource] = waits

    def waits(self, resource: str) -> bool:
        """Return whether a create of this process waits."""
        with self._lock:
            return self._waiting.get(resource, False)

    def still_waiting(self, before: Collection[str]) -> frozenset[str]:
        """Return the resources that wait now, from those that did before this process."""
        with self._lock:
            ended = dict(self._waiting)
        return frozenset(name for name in {*before, *ended} if ended.get(name, True))
