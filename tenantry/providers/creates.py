"""The creates of this process: unanswered ones, since what they made may be made anew, and those that wait."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from tenantry.engine.state.unfinished import ALLOWANCE


@dataclass(frozen=True)
class _Sent:
    """A create: when it was sent first, by Twilio's clock, and the SIDs that were there before."""

    at: datetime
    before: frozenset[str]


class Creates:
    """Creates by account and name; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[tuple[str, str], _Sent] = {}
        self._waiting: dict[str, bool] = {}

    def send(self, account_sid: str, name: str, at: datetime, before: Iterable[str]) -> None:
        """Remember that a create is sent; one that was sent before and has no answer yet counts from then."""
        with self._lock:
            self._sent.setdefault((account_sid, name), _Sent(at, frozenset(before)))

    def answered(self, account_sid: str, name: str) -> None:
        """Forget a create that has its answer: what it made is known."""
        with self._lock:
            self._sent.pop((account_sid, name), None)

    def may_have_made(self, account_sid: str, name: str, sid: str, made: datetime) -> bool:
        """Return whether an object came by a create of this process that has no answer."""
        with self._lock:
            sent = self._sent.get((account_sid, name))
        return sent is not None and sid not in sent.before and made >= sent.at - ALLOWANCE

    def ended(self, resource: str, *, waits: bool) -> None:
        """Remember that a resource was made, or that it waits to be made, by its name in the stack."""
        with self._lock:
            self._waiting[resource] = waits

    def waits(self, resource: str) -> bool:
        """Return whether a create of this process came to wait."""
        with self._lock:
            return self._waiting.get(resource, False)

    def still_waiting(self, before: Collection[str]) -> frozenset[str]:
        """Return the resources that wait now, from those that did before this process."""
        with self._lock:
            ended = dict(self._waiting)
        return frozenset(name for name in {*before, *ended} if ended.get(name, True))
