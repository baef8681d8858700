"""Where a ledger is: a file of SQLite, or a PostgreSQL server that the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.ledger.errors import LedgerError
from tenantry.model.ledger_address import SQLITE, address_problem
from tenantry.text.redaction import redact

URL = "TENANTRY_LEDGER_URL"


@dataclass(frozen=True)
class SqliteAddress:
    """A file on this machine."""

    path: Path

    def __str__(self) -> str:
        return f"{SQLITE}{self.path}"


@dataclass(frozen=True)
class PostgresAddress:
    """A database of a PostgreSQL server; the URL may hold a password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        return redact(self.url)


Address = SqliteAddress | PostgresAddress


def address_of(written: str, environ: Mapping[str, str]) -> Address:
    """Return the address that tenantry.yaml or a command names; raises LedgerError."""
    if problem := address_problem(written):
        raise LedgerError(f"The ledger's address {problem}.")
    if written.startswith(SQLITE):
        return SqliteAddress(Path(written.removeprefix(SQLITE)))
    url = environ.get(URL, "").strip()
    if not url:
        raise LedgerError(f"The ledger is on PostgreSQL, and {URL} is not set. Set it to the database's URL.")
    if not url.startswith(("postgresql://", "postgres://")):
        raise LedgerError(f"{URL} is no URL of a PostgreSQL database. Set it to postgresql://USER@HOST/DATABASE.")
    return PostgresAddress(url)
