"""Fixtures of commands that need a ledger."""

from ledger_databases import address, database, databases, new_address, postgres, spare_ledgers

__all__ = ["address", "database", "databases", "new_address", "postgres", "spare_ledgers"]
