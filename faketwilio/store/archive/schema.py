"""The one table of an archive and its indexes."""

import sqlite3
from typing import Any

from faketwilio.store.archive.kind import Kind


def create(database: sqlite3.Connection, kind: Kind[Any]) -> None:
    """Make the table: its own order is the list's, and each indexed field has the list's order too."""
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY")
    columns = ", ".join(f'"{column}" {_choose_type(kind, column)}' for column in kind.columns)
    database.execute(
        f"CREATE TABLE record (account INTEGER, place INTEGER, {columns}, PRIMARY KEY (account, place)) WITHOUT ROWID"
    )
    for column in kind.indexed:
        database.execute(f'CREATE INDEX "by_{column}" ON record (account, "{column}", place)')
    if "due" in kind.columns:
        database.execute("CREATE INDEX by_due ON record (due) WHERE due IS NOT NULL")


def _choose_type(kind: Kind[Any], column: str) -> str:
    """Dates are numbers; the rest is stored as it comes, for a text such as +1555 must not become one."""
    return "INTEGER" if column in kind.dates else "BLOB"
