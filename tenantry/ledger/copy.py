"""Copying a whole ledger into another database: every row, or nothing, and compared before it counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import islice

from tenantry.ledger import sqlite
from tenantry.ledger.address import Address, SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError, LedgerExistsError
from tenantry.ledger.migrate import migrate_here
from tenantry.ledger.opening import connect
from tenantry.ledger.tables import TABLES, Table, count_rows
from tenantry.ledger.values import Row

_BATCH = 1000


def copy_ledger(source: Ledger, target: Address) -> None:
    """Copy all rows of an open ledger to where none is yet, or an empty one.

    Raises LedgerExistsError where the target holds anything, and LedgerError; then nothing was copied.
    """
    if str(target) == str(source.address):
        raise LedgerExistsError(f"{target} is the ledger itself. Nothing was copied.")
    if isinstance(target, SqliteAddress) and not target.path.exists():
        with sqlite.new_file(target.path) as partial:
            _copy(source, SqliteAddress(partial))
    else:
        _copy(source, target)


def _copy(source: Ledger, address: Address) -> None:
    with source.reading(), connect(address) as target, target.writing_facts():
        migrate_here(target)
        _require_empty(target)
        for table in reversed(TABLES):
            target.run(f"DELETE FROM {table.name}")  # noqa: S608  # our own names
        for table in TABLES:
            _copy_table(source, target, table)
        for table in TABLES:
            if _digest(source, table) != _digest(target, table):
                raise LedgerError(f"The copy of {table.name} at {address} differs. Nothing was copied; run again.")


def _require_empty(target: Ledger) -> None:
    held = [table.name for table in TABLES if not table.is_own and count_rows(target)[table.name]]
    if held:
        raise LedgerExistsError(
            f"The ledger {target.address} is not empty: it has rows in {', '.join(held)}. Nothing was copied. "
            "Name another place."
        )


def _copy_table(source: Ledger, target: Ledger, table: Table) -> None:
    columns = ", ".join(source.columns(table.name))
    rows = _rows(source, table, columns)
    while batch := list(islice(rows, _BATCH)):
        target.insert_many(table.name, columns, batch)
    if table.is_numbered and target.dialect.name == "postgresql":
        target.rows(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
        )


def _digest(ledger: Ledger, table: Table) -> str:
    """Return a digest of all rows of a table, the same in both databases."""
    digest = hashlib.sha256()
    for row in _rows(ledger, table, ", ".join(sorted(ledger.columns(table.name)))):
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def _rows(ledger: Ledger, table: Table, columns: str) -> Iterator[Row]:
    return ledger.each_row(f"SELECT {columns} FROM {table.name} ORDER BY {table.key}")  # noqa: S608  # our own names
