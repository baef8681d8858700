"""The ledger for many threads: one thread has it, and all others ask that one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from tenantry.ledger.connection import Ledger

T = TypeVar("T")


class LedgerThread:
    """Asks the ledger one question after the other; raises what the question raises."""

    def __init__(self, executor: ThreadPoolExecutor, ledger: Ledger) -> None:
        self._executor = executor
        self._ledger = ledger

    def ask(self, question: Callable[[Ledger], T]) -> T:
        """Return what a question answers."""
        return self._executor.submit(question, self._ledger).result()


@contextmanager
def open_in_thread(open_ledger: Callable[[], Ledger]) -> Iterator[LedgerThread]:
    """Open a ledger in a thread of its own, and close it at the end; raises LedgerError."""
    with ThreadPoolExecutor(1, "ledger") as executor:
        ledger = executor.submit(open_ledger).result()
        try:
            yield LedgerThread(executor, ledger)
        finally:
            executor.submit(ledger.close).result()
