"""A ledger on each database, for every test that needs one: `address` is a ledger that was just made."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

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
def address(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Address:
    """A ledger that was just made, or is as if it were."""
    if database == "sqlite":
        return write_new_ledger(tmp_path / "ledger-0.db")
    known: list[tuple[str, str]] = request.getfixturevalue("spare_ledgers")
    if not known or not _empty(*known[0]):
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url(server.new_database("ledger"))
        make_ledger(PostgresAddress(url))
        with psycopg.connect(url) as connection:
            known[:] = [(url, _describe(connection))]
    return PostgresAddress(known[0][0])


@pytest.fixture(scope="session")
def spare_ledgers() -> list[tuple[str, str]]:
    """The database that tests use one after the other, and what is in it when its ledger is new.

    To make a ledger there takes a quarter of a second of CPU, to empty one a fiftieth.
    """
    return []


@cache
def _read_new_ledger() -> bytes:
    with TemporaryDirectory() as folder:
        make_ledger(SqliteAddress(Path(folder, "ledger.db")))
        return Path(folder, "ledger.db").read_bytes()


def write_new_ledger(path: Path) -> SqliteAddress:
    """Write a ledger that was just made, on SQLite; all that a process writes have one identity."""
    path.touch(0o600)
    path.write_bytes(_read_new_ledger())
    return SqliteAddress(path)


DESCRIPTION = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
  SELECT concat_ws(' ', 'column', c.relname, a.attname, a.atttypid, a.attnotnull) AS line FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'tenantry'::regnamespace AND a.attnum > 0
  UNION ALL SELECT concat_ws(' ', 'trigger', tgname, tgrelid::regclass, tgenabled) FROM pg_trigger
    JOIN pg_class c ON c.oid = tgrelid WHERE c.relnamespace = 'tenantry'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'constraint', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'tenantry'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'function', proname, prosrc) FROM pg_proc
    WHERE pronamespace = 'tenantry'::regnamespace
  UNION ALL SELECT concat('migration ', m) FROM tenantry.migrations m
  UNION ALL SELECT concat('identity ', i) FROM tenantry.identity i
) lines
"""
"""All that a test may have changed beside rows."""
EMPTY = """
DO $$ DECLARE item text; BEGIN
  SET LOCAL lock_timeout = '2s';
  SET LOCAL session_replication_role = replica;
  FOR item IN SELECT tablename FROM pg_tables WHERE schemaname = 'tenantry'
    AND tablename NOT IN ('migrations', 'identity') LOOP EXECUTE format('DELETE FROM tenantry.%I', item); END LOOP;
  FOR item IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'tenantry'
    LOOP EXECUTE format('ALTER SEQUENCE tenantry.%I RESTART', item); END LOOP;
END $$
"""


def _describe(connection: psycopg.Connection) -> str:
    row = connection.execute(DESCRIPTION).fetchone()
    assert row is not None
    return str(row[0])


def _empty(url: str, before: str) -> bool:
    """Empty a ledger; return whether it is as a new one, which tests that change more than rows prevent."""
    try:
        with psycopg.connect(url) as connection:
            connection.execute(EMPTY)
            return _describe(connection) == before
    except psycopg.Error:
        return False
