"""A program that tests start: processes that close statements at the same time, or are killed while they do.

It forks, which only a process without threads may do: so it is no part of pytest's own. Arguments: `race` or `kills`,
and a ledger's path or URL. Prints JSON.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ledger_statements import STACK, close, closing_of

from tenantry.ledger.address import Address, PostgresAddress, SqliteAddress
from tenantry.ledger.check import find_problems
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.statements import list_statements

CUSTOMERS = tuple(f"customer-{number}" for number in range(12))
QUESTIONS = 60
"""More than closing asks of a database."""
SECONDS = 240

_FORK = get_context("fork")


def race(address: Address) -> list[tuple[str, str, bool]]:
    """Let two processes close the same statements, each at the same moment; return what each was told."""
    barrier, answers = _FORK.Barrier(2, timeout=SECONDS), _FORK.Queue()
    processes = [_FORK.Process(target=_close_all, args=(address, barrier, answers)) for _ in "ab"]
    for process in processes:
        process.start()
    texts = [answers.get(timeout=SECONDS) for _ in range(2 * len(CUSTOMERS))]
    for process in processes:
        process.join(SECONDS)
    return texts


def kills(address: Address) -> Iterator[dict[str, Any]]:
    """Kill a process before each thing that closing asks of the database; yield what each of them left."""
    for question in range(1, QUESTIONS):
        process = _FORK.Process(target=_close_and_die, args=(address, question))
        process.start()
        process.join(SECONDS)
        with open_ledger(address) as ledger:
            yield {
                "exit": process.exitcode,
                "statements": len(list_statements(ledger, STACK)),
                "notices": len(notices_of(ledger, STACK.parent)),
                "problems": find_problems(ledger),
            }
        if process.exitcode == 0:
            return


def _close_all(address: Address, barrier: Any, answers: Any) -> None:
    with open_ledger(address) as ledger:
        for customer in CUSTOMERS:
            barrier.wait()
            closed = close(ledger, closing_of(customer))
            answers.put((customer, closed.value.number, closed.is_new))


def _close_and_die(address: Address, question: int) -> None:
    with open_ledger(address) as ledger:
        close(replace(ledger, connection=_Dying(ledger.connection, question)), closing_of())


class _Dying:
    """A connection whose process is killed before it asks the n-th question."""

    def __init__(self, connection: Any, question: int) -> None:
        self.connection, self.left = connection, question

    def execute(self, *arguments: Any) -> Any:
        self._count()
        return self.connection.execute(*arguments)

    def cursor(self) -> Any:
        self._count()
        return self.connection.cursor()

    def close(self) -> None:
        self.connection.close()

    def _count(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    what, place = sys.argv[1:]
    where = PostgresAddress(place) if place.startswith("postgres") else SqliteAddress(Path(place))
    json.dump(race(where) if what == "race" else list(kills(where)), sys.stdout)
