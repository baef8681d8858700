"""Holds as the ledger remembers them: a manifest that lost its hold is still held, until one says who released it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.values import Row, day_of, stamp

_SELECT = "SELECT tenant, reason, since, by FROM holds WHERE parent = ? AND released_at IS NULL"


@dataclass(frozen=True)
class HeldTenant:
    """A tenant of which nothing may be deleted, and why."""

    tenant: str
    reason: str
    since: date
    by: str


def record_hold(ledger: Ledger, parent: str, hold: HeldTenant) -> bool:
    """Remember a hold; return whether the ledger did not have it yet. One that is open stays as it is."""
    with ledger.writing_facts():
        if open_hold(ledger, parent, hold.tenant) is not None:
            return False
        row = (parent, hold.tenant, hold.reason, hold.since.isoformat(), hold.by, stamp(ledger.now()))
        ledger.insert("holds", "parent, tenant, reason, since, by, at", row)
        record_fact(ledger, "hold", f"{parent}/{hold.tenant}", *row)
    return True


def record_release(ledger: Ledger, parent: str, tenant: str, *, on: date, by: str) -> bool:
    """Remember who released a tenant's hold; return whether there was one."""
    with ledger.writing_facts():
        if open_hold(ledger, parent, tenant) is None:
            return False
        at = stamp(ledger.now())
        ledger.run(
            "UPDATE holds SET released_on = ?, released_by = ?, released_at = ? "
            "WHERE parent = ? AND tenant = ? AND released_at IS NULL",
            *(on.isoformat(), by, at, parent, tenant),
        )
        record_fact(ledger, "hold.released", f"{parent}/{tenant}", on.isoformat(), by, at)
    return True


def open_hold(ledger: Ledger, parent: str, tenant: str) -> HeldTenant | None:
    """Return the hold of a tenant that nobody has released; None where there is none."""
    row = ledger.row(f"{_SELECT} AND tenant = ?", parent, tenant)
    return _held_tenant(row) if row else None


def open_holds(ledger: Ledger, parent: str) -> tuple[HeldTenant, ...]:
    """Return the holds below a parent account that nobody has released, by tenant."""
    return tuple(map(_held_tenant, ledger.rows(f"{_SELECT} ORDER BY tenant", parent)))


def _held_tenant(row: Row) -> HeldTenant:
    tenant, reason, since, by = row
    return HeldTenant(tenant, reason, day_of(since), by)
