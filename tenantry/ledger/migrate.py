"""Numbered migrations, forwards only: each runs once in a ledger, under the lock of those who write facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from uuid import uuid4

from tenantry import __version__
from tenantry.ledger.connection import Ledger
from tenantry.ledger.dialect import SCHEMA
from tenantry.ledger.errors import LedgerError, MissingLedgerError, NewerLedgerError
from tenantry.ledger.values import stamp


@dataclass(frozen=True)
class Migration:
    """One file of `migrations/`."""

    number: int
    name: str
    sql: str = field(repr=False)

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True)
class Applied:
    """A migration that a ledger has had."""

    number: int
    name: str
    checksum: str
    program: str


@cache
def migrations() -> tuple[Migration, ...]:
    """Return the migrations of this program, in order."""
    found = (path for path in files(__package__).joinpath("migrations").iterdir() if path.name.endswith(".sql"))
    parts = ((path.name.removesuffix(".sql").partition("_"), path.read_text(encoding="utf-8")) for path in found)
    return tuple(
        sorted((Migration(int(number), name, sql) for (number, _, name), sql in parts), key=lambda m: m.number)
    )


def read_applied(ledger: Ledger) -> tuple[Applied, ...]:
    """Return the migrations that a ledger has had, in order; none where there is no ledger."""
    if ledger.row(ledger.dialect.has_table, "migrations") is None:
        return ()
    rows = ledger.rows("SELECT number, name, checksum, program FROM migrations ORDER BY number")
    return tuple(Applied(*row) for row in rows)


def require_known(ledger: Ledger, found: Iterable[Applied]) -> None:
    """Refuse a ledger that another program has changed; raises MissingLedgerError, NewerLedgerError, LedgerError."""
    had = tuple(found)
    if not had:
        raise MissingLedgerError(ledger.address)
    ours = {migration.number: migration for migration in migrations()}
    if had[-1].number > max(ours):
        raise NewerLedgerError(
            f"The ledger {ledger.address} is of version {had[-1].number}, written by Tenantry {had[-1].program}; "
            f"this is Tenantry {__version__}, which knows versions up to {max(ours)}. Nothing was written. "
            "Install the newer Tenantry here."
        )
    for migration in had:
        if ours[migration.number].checksum != migration.checksum:
            raise LedgerError(
                f"The ledger {ledger.address} had the migration {migration.number:04}_{migration.name} with another "
                f"content than this Tenantry has, by Tenantry {migration.program}. Nothing was written. "
                "Use a released version."
            )


def migrate(ledger: Ledger, *, new: bool = False) -> tuple[Migration, ...]:
    """Bring a ledger forward and return what that took; `new` makes one where there is none.

    Raises what `require_known` does. All migrations are one transaction.
    """
    if not new:
        had = read_applied(ledger)
        require_known(ledger, had)
        if len(had) == len(migrations()):
            return ()
    with ledger.writing_facts():
        return migrate_here(ledger, new=new)


def migrate_here(ledger: Ledger, *, new: bool = True) -> tuple[Migration, ...]:
    """Do what `migrate` does in the transaction that is open (`writing_facts`)."""
    had = read_applied(ledger)
    if had or not new:
        require_known(ledger, had)
    return tuple(_run_all(ledger, {migration.number for migration in had}))


def _run_all(ledger: Ledger, had: set[int]) -> Iterator[Migration]:
    if not had and ledger.dialect.name == "postgresql":
        ledger.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for migration in migrations():
        if migration.number in had:
            continue
        for statement in ledger.dialect.definitions(migration.sql):
            ledger.run(statement)
        at = stamp(ledger.now())
        ledger.insert(
            "migrations",
            "number, name, checksum, program, at",
            (migration.number, migration.name, migration.checksum, __version__, at),
        )
        if migration.number == 1:
            ledger.insert("identity", "only_row, id, at", (1, str(uuid4()), at))
        yield migration
