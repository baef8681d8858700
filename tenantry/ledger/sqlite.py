"""Opening a ledger on SQLite."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.dialect import SQLITE
from tenantry.ledger.errors import LedgerError, LedgerUnavailableError, MissingLedgerError

BUSY_SECONDS = 30.0
"""So long a write waits for another one."""
_PRIVATE = 0o600


def connect(address: SqliteAddress, *, clock: Callable[[], datetime] | None = None) -> Ledger:
    """Open a file that is there; raises MissingLedgerError, LedgerUnavailableError."""
    if not address.path.exists():
        raise MissingLedgerError(f"There is no ledger at {address}. Make it once with `tenantry ledger init`.")
    try:
        return _connect(address, clock)
    except sqlite3.Error as error:
        raise _explain(address, error) or error from error


def create_file(path: Path) -> None:
    """Make an empty file that only we may read, where there is none; raises LedgerUnavailableError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _PRIVATE))
    except OSError as error:
        problem = f"The ledger can't be made at {path}: {error.strerror}"
        raise LedgerUnavailableError(f"{problem}. Make its folder, or name another in tenantry.yaml.") from error


def _connect(address: SqliteAddress, clock: Callable[[], datetime] | None) -> Ledger:
    # mode=rw: SQLite never makes a file that is missing.
    uri = f"file:{quote(os.fsencode(address.path))}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        for setting in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return Ledger(address, SQLITE, connection, lambda error: _explain(address, error), clock)


def _explain(address: SqliteAddress, error: Exception) -> LedgerError | None:
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    base = code & 0xFF if isinstance(code, int) else None
    if base == sqlite3.SQLITE_NOTADB:
        return LedgerError(f"{address} is no database of SQLite. Name the ledger's file in tenantry.yaml.")
    if base in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LedgerUnavailableError(
            f"The ledger {address} is in use: another process has been writing for {BUSY_SECONDS:.0f} seconds. "
            "Nothing was written; run again."
        )
    way = "Nothing was written. `tenantry ledger check` looks at the file."
    return LedgerUnavailableError(f"The ledger {address} can't be used: {error}. {way}")
