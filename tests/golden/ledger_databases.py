"""A ledger on each database, for every test that needs one: `address` is a ledger that was just made."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from e2e_postgres import PACKAGE, Postgres, programs, running_postgres

from tenantry.ledger.address import Address, PostgresAddress, SqliteAddress
from tenantry.ledger.opening import make_ledger


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
