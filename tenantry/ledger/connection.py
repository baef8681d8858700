"""A `Ledger`: an open connection, what may be asked of it, and its transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from types import TracebackType
from typing import Any, Protocol

from tenantry.ledger.address import Address
from tenantry.ledger.dialect import Dialect
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import Row, instant_of
from tenantry.model.money import LARGEST

Bound = int | str | None
"""What a column takes."""
_AT_ONCE = 50


class Cursor(Protocol):
    """What both databases' cursors have in common."""

    @property
    def rowcount(self) -> int: ...

    @property
    def description(self) -> Any: ...

    def executemany(self, sql: Any, values: Iterable[Sequence[Bound]], /) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What both databases' connections have in common."""

    def execute(self, sql: Any, values: Sequence[Bound], /) -> Cursor: ...

    def cursor(self) -> Cursor: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Ledger:
    """An open ledger; one thread and one process at a time. Close it, or use it in a `with`."""

    address: Address
    dialect: Dialect
    connection: Connection = field(repr=False)
    explain: Callable[[Exception], LedgerError | None] = field(repr=False)
    """Turns an error of the database into one of ours; None for what is no error of the database."""
    clock: Callable[[], datetime] | None = None
    """For tests: what stands for the database's own clock."""

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self.connection.close()

    def rows(self, sql: str, *values: Bound) -> list[Row]:
        """Return the rows that a statement yields. Its values are written as `?`."""
        with self._explain_errors():
            return self._execute(sql, values).fetchall()

    def each_row(self, sql: str, *values: Bound) -> Iterator[Row]:
        """Yield the rows that a statement yields."""
        with self._explain_errors():
            yield from self._execute(sql, values)

    def row(self, sql: str, *values: Bound) -> Row | None:
        """Return the first row that a statement yields, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Bound) -> int:
        """Run a statement and return how many rows it changed."""
        with self._explain_errors():
            return self._execute(sql, values).rowcount

    def insert(self, table: str, columns: str, values: Sequence[Bound]) -> None:
        """Insert a row; columns as SQL lists them: `id, name`."""
        self.run(_insertion(table, columns, values), *values)

    def insert_many(self, table: str, columns: str, rows: Iterable[Sequence[Bound]]) -> None:
        """Insert rows, in as few round trips as the database allows."""
        wanted = [tuple(_bindable(row)) for row in rows]
        if wanted:
            statement = self.dialect.statement(_insertion(table, columns, wanted[0]))
            with self._explain_errors():
                self.connection.cursor().executemany(statement, wanted)

    def insert_missing(self, table: str, columns: str, key: str, rows: Sequence[Sequence[Bound]]) -> list[Row]:
        """Insert rows, except those whose key is there already, and return the keys that are new.

        A statement takes 50 rows: a round trip each would cost more than all else of a row.
        """
        added: list[Row] = []
        for first in range(0, len(rows), _AT_ONCE):
            chunk = rows[first : first + _AT_ONCE]
            values = ", ".join([f"({', '.join('?' * len(chunk[0]))})"] * len(chunk))
            sql = f"INSERT INTO {table} ({columns}) VALUES {values} ON CONFLICT ({key}) DO NOTHING RETURNING {key}"  # noqa: S608  # our own names
            added += self.rows(sql, *chain.from_iterable(chunk))
        return added

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the names of a table's columns."""
        with self._explain_errors():
            cursor = self._execute(f"SELECT * FROM {table} LIMIT 0", ())  # noqa: S608  # our own names
            return tuple(column[0] for column in cursor.description)

    def insert_numbered(self, table: str, columns: str, values: Sequence[Bound]) -> int:
        """Insert a row into a table that numbers its rows, and return the number."""
        return int(self.rows(f"{_insertion(table, columns, values)} RETURNING id", *values)[0][0])

    def now(self) -> datetime:
        """Return what the database's clock says."""
        return self.clock() if self.clock else instant_of(self.rows(f"SELECT {self.dialect.now}")[0][0])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a transaction: all of it is written, or nothing. Transactions are not nested."""
        with self._transaction(self.dialect.begin):
            yield

    @contextmanager
    def writing_facts(self) -> Iterator[None]:
        """Run a transaction that writes facts: one at a time in the whole ledger, and each sees all before it."""
        with self._transaction(self.dialect.begin):
            if self.dialect.lock:
                self.rows(self.dialect.lock)
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Run a transaction that only reads, and in which nothing changes meanwhile."""
        with self._transaction(self.dialect.begin_reading):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self.run(begin)
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with suppress(LedgerError):  # a connection that is gone has rolled back already
                self.run("ROLLBACK")
            raise

    def _execute(self, sql: str, values: Sequence[Bound]) -> Cursor:
        return self.connection.execute(self.dialect.statement(sql), tuple(_bindable(values)))

    @contextmanager
    def _explain_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            explained = self.explain(error)
            if explained is None:
                raise
            raise explained from error


def _insertion(table: str, columns: str, values: Sequence[Bound]) -> str:
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608  # our own names


def _bindable(values: Iterable[Bound]) -> Iterator[Bound]:
    """Yield values for columns; a float, which is not exact, never comes near one."""
    for value in values:
        if value is not None and type(value) not in (int, str):
            raise TypeError(f"a column takes whole numbers and text, not {type(value).__name__}")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise LedgerError(f"{value} is too large for the ledger, whose numbers have 64 bits. Nothing was written.")
        yield value
