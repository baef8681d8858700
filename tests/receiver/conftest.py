"""A world on SQLite for most tests, and one on each database for those that are about a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_databases import address, database, databases, new_address, postgres, spare_ledgers, write_new_ledger
from receiver_world import ReceiverWorld

__all__ = ["address", "database", "databases", "new_address", "postgres", "spare_ledgers"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ReceiverWorld]:
    """A vendor with the tenant acme, whose cap of 1,000 SMS a month suspends it; the receiver answers."""
    world = ReceiverWorld(tmp_path, write_new_ledger(tmp_path / "ledger.db"))
    try:
        world.write()
        world.up()
        world.serve()
        yield world
    finally:
        world.close()
