"""A ledger on each database: every test of the API runs on both."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from ledger_databases import address, database, databases, new_address, postgres, spare_ledgers

from tenantry.ledger.address import Address
from tenantry.ledger.connection import Ledger
from tenantry.ledger.opening import open_ledger

__all__ = ["address", "database", "databases", "new_address", "postgres", "spare_ledgers"]

NOW = datetime(2026, 4, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> "Clock":
    return Clock()


@pytest.fixture
def ledger(address: Address, clock: "Clock") -> Iterator[Ledger]:
    with open_ledger(address, clock=clock) as ledger:
        yield ledger


class Clock:
    """What stands for the database's clock; a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now
