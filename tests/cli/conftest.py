"""Fixtures of commands that need a ledger."""

from ledger_databases import address, database, databases, emptied, new_address, postgres

__all__ = ["address", "database", "databases", "emptied", "new_address", "postgres"]
