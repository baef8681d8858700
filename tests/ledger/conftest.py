"""A ledger on each database: every test of the API runs on both."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from e2e_postgres import PACKAGE, Postgres, programs, running_postgres

from tenantry.ledger.address import Address, PostgresAddress, SqliteAddress
from tenantry.ledger.connection import Ledger
from tenantry.ledger.opening import make_ledger, open_ledger

NOW = datetime(2026, 4, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this process; without the system's package, tests that need one are skipped."""
    where = programs()
    if where is None:
        pytest.skip(f"needs the system's package {PACKAGE}: no initdb on PATH or in /usr/lib/postgresql")
    with running_postgres(where) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def databases() -> list[str]:
    """The URLs of databases that tests have used: making one takes a second, emptying one does not."""
    return []


@pytest.fixture
def new_address(request: pytest.FixtureRequest, tmp_path: Path, databases: list[str]) -> Callable[..., Address]:
    """Name a place where no ledger is yet, on a database."""
    numbers = count()

    def name(database: str) -> Address:
        number = next(numbers)
        if database == "sqlite":
            return SqliteAddress(tmp_path / f"ledger-{number}.db")
        server: Postgres = request.getfixturevalue("postgres")
        while len(databases) <= number:
            databases.append(server.url(server.new_database("ledger")))
        with psycopg.connect(databases[number]) as connection:
            connection.execute("DROP SCHEMA IF EXISTS tenantry CASCADE")
        return PostgresAddress(databases[number])

    return name


@pytest.fixture
def address(new_address, database: str) -> Address:
    """A ledger that was just made."""
    address = new_address(database)
    make_ledger(address)
    return address


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
