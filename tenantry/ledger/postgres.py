"""Opening a ledger on PostgreSQL. psycopg is imported only here, and only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tenantry.ledger.address import PostgresAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.dialect import POSTGRESQL, SCHEMA
from tenantry.ledger.errors import UNFIT, LedgerError, LedgerUnavailableError
from tenantry.text.extra import tell_install
from tenantry.text.redaction import redact

CONNECT_SECONDS = 15
_NO_DRIVER = f"A ledger on PostgreSQL needs psycopg, which is not installed. {tell_install('postgres')}"


def connect(address: PostgresAddress, *, clock: Callable[[], datetime] | None = None) -> Ledger:
    """Connect to a database; raises LedgerUnavailableError, and LedgerError where psycopg is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise LedgerError(_NO_DRIVER) from error
    try:
        connection = psycopg.connect(
            address.url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            client_encoding="utf8",  # a database without an encoding of its own gives bytes otherwise
            options=f"-c search_path={SCHEMA}",
            application_name="tenantry",
            # A server that vanished, as behind a cut line, is noticed within a minute; TCP itself waits for hours.
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=60_000,
        )
    except psycopg.Error as error:
        raise _unavailable(address, error) from error

    def explain(error: Exception) -> LedgerError | None:
        if isinstance(error, psycopg.IntegrityError | psycopg.DataError):
            return LedgerError(UNFIT.format(address, redact(str(error)).splitlines()[0]))
        return _unavailable(address, error) if isinstance(error, psycopg.Error) else None

    return Ledger(address, POSTGRESQL, connection, explain, clock)


def _unavailable(address: PostgresAddress, error: Exception) -> LedgerUnavailableError:
    lines = redact(str(error)).strip().splitlines() or [type(error).__name__]
    return LedgerUnavailableError(f"The ledger {address} can't be used: {lines[0]}. Nothing was written.")
