"""Looking for a text in everything that a ledger holds, such as a number that a person wants erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantry.ledger.connection import Ledger
from tenantry.ledger.tables import TABLES
from tenantry.ledger.values import Row


def count_mentions(ledger: Ledger, text: str) -> Mapping[str, int]:
    """Return how many rows of each table hold a text in any column; tables without one are left out."""
    found = {table.name: _count(ledger, table.name, text) for table in TABLES if not table.is_own}
    return {name: number for name, number in found.items() if number}


def _count(ledger: Ledger, table: str, text: str) -> int:
    return sum(any(text in value for value in row if isinstance(value, str)) for row in _rows(ledger, table))


def _rows(ledger: Ledger, table: str) -> Iterator[Row]:
    return ledger.each_row(f"SELECT * FROM {table}")  # noqa: S608  # our own names
