"""Very many records at once: one statement that SQLite runs by itself."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from tenantry.fake.archive.kind import Kind


def fill(
    database: sqlite3.Connection,
    kind: Kind[Any],
    samples: Sequence[Any],
    accounts: Sequence[int],
    slots: Sequence[tuple[int, int]],
) -> None:
    """Store a record for each account and slot (moment, place), in turn like the samples, dates shifted to the slot."""
    _temporary(database, "owner", "account", [[account] for account in accounts])
    _temporary(database, "slot", "sample, moment, place", [[n % len(samples), *slot] for n, slot in enumerate(slots)])
    columns = ", ".join(f'"{column}"' for column in kind.columns)
    _temporary(database, "sample", f"number, {columns}", [[n, *_relative(kind, one)] for n, one in enumerate(samples)])
    values = ", ".join(_value(kind, column) for column in kind.columns)
    # CROSS JOIN keeps this order, which is the table's own: rows are appended, never squeezed in.
    database.execute(
        f"INSERT INTO record SELECT account, place, {values} FROM owner CROSS JOIN slot"  # noqa: S608 - names are ours
        " CROSS JOIN sample ON sample.number = slot.sample"
    )


def _temporary(database: sqlite3.Connection, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    database.execute(f"DROP TABLE IF EXISTS temp.{name}")
    database.execute(f"CREATE TEMP TABLE {name} ({columns})")
    if name == "sample":
        database.execute("CREATE UNIQUE INDEX temp.sample_number ON sample (number)")
    marks = ", ".join("?" * len(rows[0]))
    database.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)  # noqa: S608 - only marks


def _relative(kind: Kind[Any], sample: Any) -> list[Any]:
    """The sample's row with its dates counted from its moment."""
    moment = kind.moment(sample)
    row = zip(kind.columns, kind.row(sample), strict=True)
    return [value - moment if column in kind.dates and value is not None else value for column, value in row]


def _value(kind: Kind[Any], column: str) -> str:
    return f'moment + sample."{column}"' if column in kind.dates else f'sample."{column}"'
