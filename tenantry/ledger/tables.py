"""Every table of the ledger, those that others refer to first; `tests/ledger` compares it with the databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantry.ledger.connection import Ledger


@dataclass(frozen=True)
class Table:
    """A table, and the columns that tell its rows apart and order them."""

    name: str
    key: str = "id"
    is_own: bool = False
    """Whether it has rows from the beginning, about the ledger itself."""

    @property
    def is_numbered(self) -> bool:
        """Whether the database gives its rows their numbers."""
        return self.key == "id" and self.name != "notices"


TABLES = (
    Table("migrations", "number", is_own=True),
    Table("identity", "only_row", is_own=True),
    Table("journal", "number"),
    Table("usage_reads"),
    Table("usage_readings", "read_id, first_day, category"),
    Table("health_days", "parent, account_sid, day"),
    Table("statement_sequences", "pattern"),
    Table("statements", "number"),
    Table("statement_tenants", "statement, tenant"),
    Table("corrections", "carrier, corrected"),
    Table("adjustments"),
    Table("credit_lots"),
    Table("credit_uses", "statement, lot, month"),
    Table("suspensions"),
    Table("standing", "parent, stack, tenant"),
    Table("leases", "name"),
    Table("cap_events"),
    Table("cap_overrides"),
    Table("cap_readings", "parent, tenant, cap"),
    Table("account_tasks", "parent, tenant"),
    Table("notices"),
    Table("retention_audit"),
    Table("audit_breaks"),
    Table("retention_marks", "parent, tenant, mark"),
    Table("holds"),
    Table("offboarding_steps"),
    Table("error_events"),
)


def count_rows(ledger: Ledger) -> Mapping[str, int]:
    """Return how many rows each table has, in the order of TABLES."""
    return {table.name: ledger.rows(f"SELECT count(*) FROM {table.name}")[0][0] for table in TABLES}  # noqa: S608
