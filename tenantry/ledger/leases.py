"""Leases: which of several processes does a job, by the database's clock."""

from __future__ import annotations

from datetime import timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import stamp


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
