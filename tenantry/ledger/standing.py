"""What the receiver knows of tenants: written whole by `up` and `sync`, and by nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, StackRef, instant_of, stamp

_COLUMNS = "parent, stack, tenant, account_sid, document, commit_id, written_at"
_SELECT = f"SELECT {_COLUMNS} FROM standing"  # noqa: S608  # our own names


@dataclass(frozen=True)
class NewStanding:
    """How a tenant stands: its account, and what is known of it as JSON."""

    tenant: str
    account_sid: str
    document: str


@dataclass(frozen=True)
class StandingRow:
    """How a tenant stands, as the ledger has it."""

    stack: StackRef
    tenant: str
    account_sid: str
    document: str
    commit: str | None
    written_at: datetime


def replace_standing(ledger: Ledger, stack: StackRef, rows: Iterable[NewStanding], commit: str | None) -> int:
    """Write how all tenants of a stack stand, in place of what was there; return how many they are."""
    with ledger.writing():
        at = stamp(ledger.now())
        wanted = [(stack.parent, stack.stack, row.tenant, row.account_sid, row.document, commit, at) for row in rows]
        ledger.run("DELETE FROM standing WHERE parent = ? AND stack = ?", stack.parent, stack.stack)
        ledger.insert_many("standing", _COLUMNS, wanted)
    return len(wanted)


def update_standing(ledger: Ledger, stack: StackRef, rows: Iterable[NewStanding]) -> None:
    """Write how some tenants stand that the ledger knows already; others are left out."""
    with ledger.writing():
        at = stamp(ledger.now())
        for row in rows:
            ledger.run(
                "UPDATE standing SET document = ?, written_at = ? WHERE parent = ? AND stack = ? AND tenant = ?",
                *(row.document, at, stack.parent, stack.stack, row.tenant),
            )


def read_standing(ledger: Ledger, parent: str, slugs: Collection[str] = ()) -> tuple[StandingRow, ...]:
    """Return how all tenants below a parent account stand, or those named."""
    sql, chosen = f"{_SELECT} WHERE parent = ?", sorted(slugs)
    if chosen:
        sql = f"{sql} AND tenant IN ({', '.join('?' * len(chosen))})"
    return tuple(map(_row_of, ledger.rows(f"{sql} ORDER BY tenant, stack", parent, *chosen)))


def each_document(ledger: Ledger, parent: str) -> Iterator[str]:
    """Yield how each tenant below a parent account stands, as JSON."""
    for (document,) in ledger.each_row("SELECT document FROM standing WHERE parent = ? ORDER BY tenant, stack", parent):
        yield document


def find_standing(ledger: Ledger, parent: str, account_sid: str) -> StandingRow | None:
    """Return how the tenant of an account stands; None where the ledger does not have it."""
    found = ledger.row(f"{_SELECT} WHERE parent = ? AND account_sid = ?", parent, account_sid)
    return _row_of(found) if found else None


def standing_version(ledger: Ledger, parent: str) -> tuple[int, str | None]:
    """Return what changes whenever the standing of a parent's tenants is written: rows, and the newest time."""
    count, newest = ledger.rows("SELECT count(*), max(written_at) FROM standing WHERE parent = ?", parent)[0]
    return int(count), newest


def _row_of(row: Row) -> StandingRow:
    parent, stack, tenant, account_sid, document, commit, written_at = row
    return StandingRow(StackRef(parent, stack), tenant, account_sid, document, commit, instant_of(written_at))


def list_stack_names(ledger: Ledger, parent: str) -> frozenset[str]:
    """Return the names under which statements of a parent account's stack were closed; without any, those of runs."""
    for table in ("statements", "standing"):
        sql = f"SELECT DISTINCT stack FROM {table} WHERE parent = ? AND stack <> ''"  # noqa: S608  # our own names
        if names := frozenset(name for (name,) in ledger.rows(sql, parent)):
            return names
    return frozenset()
