"""Opening a ledger on SQLite."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.dialect import SQLITE
from tenantry.ledger.errors import (
    UNFIT,
    DamagedLedgerError,
    LedgerError,
    LedgerExistsError,
    LedgerUnavailableError,
    MissingLedgerError,
)

BUSY_SECONDS = 30
"""So long a write waits for another one."""
_OLDEST = (3, 37, 0)
"""The first one whose tables are STRICT."""
_PRIVATE = 0o600
RESTORE = "Keep it, restore a backup beside it, and look at that with `tenantry ledger check`."


def connect(address: SqliteAddress, *, clock: Callable[[], datetime] | None = None) -> Ledger:
    """Open a file that is there; raises MissingLedgerError, LedgerUnavailableError."""
    if sqlite3.sqlite_version_info < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise LedgerError(
            f"A ledger on SQLite needs SQLite {oldest}, and this Python has {sqlite3.sqlite_version}. "
            "Use another Python, or `ledger: postgresql:`."
        )
    if not address.path.exists():
        raise MissingLedgerError(address)
    try:
        return _connect(address, clock)
    except sqlite3.Error as error:
        raise _explain(address, error) or error from error


def create_file(path: Path) -> None:
    """Make an empty file that only we may read, where there is none; raises LedgerUnavailableError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _PRIVATE))
    except OSError as error:
        problem = f"{path} can't be written: {error.strerror}"
        raise LedgerUnavailableError(f"{problem}. Make its folder, or name another file.") from error


def write_backup(ledger: Ledger, file: Path) -> None:
    """Write a whole copy of an open ledger into a new file, also while others write; whole or not at all.

    Raises LedgerExistsError, LedgerUnavailableError.
    """
    source = ledger.connection
    if not isinstance(source, sqlite3.Connection):
        raise TypeError("only a ledger on SQLite is copied page by page")
    with new_file(file) as partial:
        target = sqlite3.connect(partial, isolation_level=None)
        try:
            source.backup(target)
            # One file, whole by itself: without this it would need its log beside it to be read.
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
        except sqlite3.Error as error:
            raise LedgerUnavailableError(f"The backup {file} can't be written: {error}. {_NO_FILE}") from error
        finally:
            target.close()


def refuse_existing(file: Path) -> None:
    """Raise LedgerExistsError where there is a file already."""
    if os.path.lexists(file):
        raise LedgerExistsError(f"{file} is there already, and is left as it is. Name another file.")


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """Yield a private file beside the wanted one, which gets the wanted name at the end, or is gone.

    Raises LedgerExistsError where the wanted file is there, and LedgerUnavailableError.
    """
    refuse_existing(file)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    create_file(partial)
    try:
        yield partial
        os.link(partial, file)  # unlike a rename, this replaces nothing
    except OSError as error:
        raise LedgerUnavailableError(f"{file} can't be written: {error.strerror}. {_NO_FILE}") from error
    finally:
        for name in (partial.name, f"{partial.name}-wal", f"{partial.name}-shm"):
            partial.with_name(name).unlink(missing_ok=True)


_NO_FILE = "No file was left behind; name another folder."


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
    if base == sqlite3.SQLITE_CORRUPT:
        return DamagedLedgerError(f"The ledger {address} is damaged: {error}. {RESTORE}")
    if base in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LedgerUnavailableError(
            f"The ledger {address} is in use: another process has been writing for {BUSY_SECONDS:.0f} seconds. "
            "Nothing was written; run again."
        )
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError):
        return LedgerError(UNFIT.format(address, error))
    way = "Nothing was written. `tenantry ledger check` looks at the file."
    return LedgerUnavailableError(f"The ledger {address} can't be used: {error}. {way}")
