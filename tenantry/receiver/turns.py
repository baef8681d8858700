"""Who writes to the ledger now: those who answer Twilio, or the jobs that decide. Those who answer go first."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic

from tenantry.ledger.connection import Ledger

RECENT = 0.1
"""Seconds for which somebody who answered counts as there."""
SHARE = 10
"""While others answer, a job works for one part of its time in so many: its Python would keep them waiting."""
BREATH = 0.002
"""Seconds between two transactions of a job while nobody answers."""
LONGEST = 1.0


@dataclass
class Turns:
    """In SQLite one writes at a time, and would make who comes second wait in ever longer naps."""

    clock: Callable[[], float] = monotonic
    """Seconds that never go back."""
    _lock: Lock = field(default_factory=Lock)
    _answered_at: float = -1e9

    @contextmanager
    def answering(self, ledger: Ledger) -> Iterator[None]:
        """Write what is to be answered."""
        self._answered_at = self.clock()
        with self._alone(ledger):
            yield
        self._answered_at = self.clock()

    @contextmanager
    def deciding(self, ledger: Ledger, stopping: Event) -> Iterator[None]:
        """Write for a job; afterwards it rests, the longer while somebody waits for answers."""
        with self._alone(ledger):
            began = self.clock()
            yield
        took = self.clock() - began
        is_busy = self.clock() - self._answered_at < RECENT
        stopping.wait(min((SHARE - 1) * took, LONGEST) if is_busy else BREATH)

    def _alone(self, ledger: Ledger) -> AbstractContextManager[object]:
        return self._lock if ledger.dialect.name == "sqlite" else nullcontext()
