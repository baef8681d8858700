"""Opening a ledger, and making a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tenantry.ledger import postgres, sqlite
from tenantry.ledger.address import Address, SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.migrate import Migration, migrate

Clock = Callable[[], datetime]


def open_ledger(address: Address, *, clock: Clock | None = None) -> Ledger:
    """Open a ledger and bring it forward to this program's version.

    Raises MissingLedgerError, NewerLedgerError, LedgerUnavailableError, and LedgerError for anything else.
    """
    ledger = connect(address, clock=clock)
    try:
        migrate(ledger)
    except BaseException:
        ledger.close()
        raise
    return ledger


def make_ledger(address: Address) -> tuple[Migration, ...]:
    """Make a ledger, or bring one that is there forward; return the migrations that this took."""
    if isinstance(address, SqliteAddress):
        sqlite.create_file(address.path)
    with connect(address) as ledger:
        return migrate(ledger, new=True)


def connect(address: Address, *, clock: Clock | None = None) -> Ledger:
    """Connect to what is at an address, whatever it is; raises MissingLedgerError, LedgerUnavailableError."""
    if isinstance(address, SqliteAddress):
        return sqlite.connect(address, clock=clock)
    return postgres.connect(address, clock=clock)
