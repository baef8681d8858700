"""Very many records at once: one statement that SQLite runs by itself."""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from faketwilio.store.archive.kind import Kind
from faketwilio.store.archive.places import SECOND, place


@dataclass(frozen=True)
class Slots:
    """So many moments, evenly over `length` seconds from `begin` on; the first record gets that number."""

    count: int
    begin: int
    length: int
    first: int

    def place(self, number: int) -> int:
        return place(self.begin + self.length * number // self.count, self.first + number)


def fill(
    database: sqlite3.Connection, kind: Kind[Any], samples: Sequence[Any], accounts: Sequence[int], slots: Slots
) -> None:
    """Store a record for each account and slot, in turn like the samples, their dates shifted to the slot."""
    _create_temporary(database, "owner", "account", [[account] for account in accounts])
    columns = ", ".join(["number INTEGER PRIMARY KEY", *(f'"{column}"' for column in kind.columns)])
    _create_temporary(
        database, "sample", columns, [[n, *_make_relative(kind, sample)] for n, sample in enumerate(samples)]
    )
    values = ", ".join(_write_value(kind, column) for column in kind.columns)
    # CROSS JOIN keeps this order, which is the table's own: rows are appended, never squeezed in.
    database.execute(
        "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count),"  # noqa: S608
        " slot AS MATERIALIZED (SELECT n, :begin + :length * n / :count AS moment FROM number)"
        f" INSERT INTO record SELECT account, moment * {SECOND} + :first + n, {values} FROM owner CROSS JOIN slot"
        " CROSS JOIN sample ON sample.number = n % :samples",
        {**asdict(slots), "samples": len(samples)},
    )


def _create_temporary(database: sqlite3.Connection, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    database.execute(f"DROP TABLE IF EXISTS temp.{name}")
    database.execute(f"CREATE TEMP TABLE {name} ({columns})")
    marks = ", ".join("?" * len(rows[0]))
    database.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)  # noqa: S608 - only marks


def _make_relative(kind: Kind[Any], sample: Any) -> list[Any]:
    """The sample's row with its dates counted from its moment."""
    moment = kind.moment(sample)
    row = zip(kind.columns, kind.row(sample), strict=True)
    return [value - moment if column in kind.dates and value is not None else value for column, value in row]


def _write_value(kind: Kind[Any], column: str) -> str:
    return f'moment + sample."{column}"' if column in kind.dates else f'sample."{column}"'
