"""The PostgreSQL in which all stacks of a fleet keep their state: who is connected, who waits, what it holds."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

SECONDS_BETWEEN_LOOKS = 0.25
SESSIONS = """
    SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
KEPT = """
    SELECT count(*) FILTER (WHERE key LIKE '%/.pulumi/history/%.checkpoint.%'),
           count(*) FILTER (WHERE key LIKE '%/.pulumi/backups/%'), pg_database_size(current_database())
    FROM pulumi_state"""


@dataclass(frozen=True)
class Kept:
    """How many copies of states the history and the backups have, and the bytes of the whole database on disk."""

    history: int
    backups: int
    size: int


class Sessions:
    """Looks, as a context manager, how many connections a database has, and how many of them wait for a lock."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.connections = 0
        """The most at once."""
        self.waits = 0
        """The sum of those that waited, of all looks."""

    def __enter__(self) -> "Sessions":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as database:
            while not self._over.wait(SECONDS_BETWEEN_LOOKS):
                connections, waits = _ask(database, SESSIONS)
                self.connections = max(self.connections, connections)
                self.waits += waits


@contextmanager
def run_database() -> Iterator[str]:
    """Run a server of the system's package with an empty database, and yield its URL."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "e2e"))
    from e2e_postgres import programs, running_postgres

    if (where := programs()) is None:
        raise SystemExit("PostgreSQL is not installed here.")
    with running_postgres(where) as server:
        yield server.url(server.new_database("fleet"))


def count_kept(url: str) -> Kept:
    """Count what a database of Pulumi's keeps."""
    with psycopg.connect(url, autocommit=True) as database:
        return Kept(*_ask(database, KEPT))


def _ask(database: psycopg.Connection, question: str) -> tuple[int, ...]:
    row = database.execute(question).fetchone()
    return tuple(map(int, row)) if row else ()
