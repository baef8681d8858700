"""Leases: which of several processes does a job, by the database's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import instant_of, stamp


def sweep_lease(parent: str, *, shadow: bool = False) -> str:
    """Return the name of the lease that receivers of a parent account keep while they run."""
    return f"{'shadow-' if shadow else ''}sweep:{parent}"


def lease_until(ledger: Ledger, name: str) -> datetime | None:
    """Return until when somebody has or had a lease; None where nobody ever had, or gave it back."""
    found = ledger.row("SELECT until FROM leases WHERE name = ?", name)
    return instant_of(found[0]) if found else None


def take_lease(ledger: Ledger, name: str, holder: str, lasts: timedelta) -> bool:
    """Take a lease, or keep one's own, and return whether one has it."""
    with ledger.writing():
        now = ledger.now()
        found = ledger.row(
            "INSERT INTO leases (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE "
            "SET holder = excluded.holder, until = excluded.until "
            "WHERE leases.holder = excluded.holder OR leases.until <= ? RETURNING holder",
            *(name, holder, stamp(now + lasts), stamp(now)),
        )
    return found is not None


def drop_lease(ledger: Ledger, name: str, holder: str) -> None:
    """Give a lease back, if one has it."""
    with ledger.writing():
        ledger.run("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder)
