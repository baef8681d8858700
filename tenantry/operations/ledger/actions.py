"""What a person does with a ledger: make it, look it over, back it up, move it to another database."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from tenantry.ledger import sqlite
from tenantry.ledger.address import Address, SqliteAddress, address_of
from tenantry.ledger.check import find_problems, find_write_refusal
from tenantry.ledger.connection import Ledger
from tenantry.ledger.copy import copy_ledger
from tenantry.ledger.journal import read_head
from tenantry.ledger.migrate import read_applied
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.tables import count_rows
from tenantry.operations.ledger.opening import Place, find_facts_problem, find_ledger_address
from tenantry.operations.ledger.values import LedgerOutcome


def init(place: Place) -> LedgerOutcome:
    """Make the stack's ledger, or bring the one that is there forward; raises LedgerError."""
    address = find_ledger_address(place)
    ran = tuple(migration.name for migration in make_ledger(address))
    problem = find_facts_problem(address, place)
    with open_ledger(address) as ledger:
        return _describe_ledger(ledger, "init", migrations=ran, warnings=(problem,) if problem else ())


def check(place: Place, noted: str | None) -> LedgerOutcome:
    """Look the stack's ledger over, as `find_problems` does, and try whether it can be written; raises LedgerError."""
    with open_ledger(find_ledger_address(place)) as ledger:
        problems = find_problems(ledger, noted=noted)
        refusal = None if problems else find_write_refusal(ledger)
        return _describe_ledger(ledger, "check", problems=problems, warnings=(refusal,) if refusal else ())


def backup(place: Place, file: Path) -> LedgerOutcome:
    """Write the stack's ledger into a new file of SQLite, also while others write to it; raises LedgerError."""
    with open_ledger(find_ledger_address(place)) as ledger:
        if isinstance(ledger.address, SqliteAddress):
            sqlite.write_backup(ledger, file)
        else:
            sqlite.refuse_existing(file)
            copy_ledger(ledger, SqliteAddress(file))
    return _describe_copy("backup", ledger.address, SqliteAddress(file))


def copy(place: Place, target: str) -> LedgerOutcome:
    """Copy the stack's ledger to where none is yet, or an empty one, and compare all rows; raises LedgerError."""
    address = address_of(target, place.environ)
    with open_ledger(find_ledger_address(place)) as ledger:
        copy_ledger(ledger, address)
    return _describe_copy("copy", ledger.address, address)


def _describe_copy(action: Literal["backup", "copy"], source: Address, target: Address) -> LedgerOutcome:
    """Look at what was written; what is reported is what it holds."""
    with open_ledger(target) as written:
        outcome = _describe_ledger(written, action, problems=find_problems(written), target=str(target))
    database: Literal["sqlite", "postgresql"] = "sqlite" if isinstance(source, SqliteAddress) else "postgresql"
    return outcome.model_copy(update={"ledger": str(source), "database": database})


def _describe_ledger(ledger: Ledger, action: Literal["init", "check", "backup", "copy"], **found: Any) -> LedgerOutcome:
    return LedgerOutcome(
        action=action,
        ledger=str(ledger.address),
        database=ledger.dialect.name,
        id=ledger.rows("SELECT id FROM identity")[0][0],
        version=read_applied(ledger)[-1].number,
        head=str(read_head(ledger)),
        rows=dict(count_rows(ledger)),
        **found,
    )
