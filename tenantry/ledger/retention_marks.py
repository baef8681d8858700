"""How far the retention job has come, for each tenant: marks that may be lost, at the price of looking at more."""

from __future__ import annotations

from collections.abc import Mapping

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import stamp


def read_marks(ledger: Ledger, parent: str, tenant: str) -> Mapping[str, str]:
    """Return a tenant's marks by name."""
    rows = ledger.rows("SELECT mark, value FROM retention_marks WHERE parent = ? AND tenant = ?", parent, tenant)
    return dict(rows)


def set_mark(ledger: Ledger, parent: str, tenant: str, mark: str, value: str) -> None:
    """Write a mark, in place of an older one."""
    ledger.run(
        "INSERT INTO retention_marks (parent, tenant, mark, value, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (parent, tenant, mark) DO UPDATE SET value = excluded.value, at = excluded.at",
        *(parent, tenant, mark, value, stamp(ledger.now())),
    )
