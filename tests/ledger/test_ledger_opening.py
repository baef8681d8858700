"""Making, opening and migrating a ledger."""

import re
import stat

import pytest
from ledger_statements import STACK

from tenantry.ledger.address import PostgresAddress, SqliteAddress
from tenantry.ledger.dialect import SCHEMA
from tenantry.ledger.errors import (
    LedgerError,
    LedgerUnavailableError,
    MissingLedgerError,
    NewerLedgerError,
)
from tenantry.ledger.migrate import migrations, read_applied
from tenantry.ledger.opening import connect, make_ledger, open_ledger
from tenantry.ledger.statements import list_statements
from tenantry.ledger.tables import TABLES, count_rows
from tenantry.ledger.values import stamp

COLUMNS = {
    "sqlite": "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'",
    "postgresql": "SELECT table_name, column_name, data_type FROM information_schema.columns "
    "WHERE table_schema = 'tenantry'",
}
EXACT = {"sqlite": {"INTEGER", "TEXT"}, "postgresql": {"bigint", "text"}}


def test_a_missing_ledger_is_never_made_silently(new_address, database):
    address = new_address(database)
    for _ in range(2):
        with pytest.raises(
            MissingLedgerError,
            match=r"If there was one, .* restore a backup .* Only for the first time: `tenantry ledger init`",
        ):
            open_ledger(address)


def test_a_ledger_is_made_once(address):
    with open_ledger(address) as ledger:
        before = ledger.rows("SELECT id, at FROM identity")
    assert make_ledger(address) == ()
    with open_ledger(address) as ledger:
        assert ledger.rows("SELECT id, at FROM identity") == before


def test_every_column_is_exact(ledger):
    rows = ledger.rows(COLUMNS[ledger.dialect.name])
    assert {kind for _, _, kind in rows} == EXACT[ledger.dialect.name]
    money = {(table, column) for table, column, kind in rows if kind.lower() in ("integer", "bigint")}
    assert {("statements", "total"), ("statements", "tax"), ("usage_readings", "price")} <= money


def test_every_table_is_in_the_list_that_copies(ledger):
    tables = {table for table, _, _ in ledger.rows(COLUMNS[ledger.dialect.name])}
    assert tables == {table.name for table in TABLES}


def test_sqlite_refuses_a_value_of_another_type(new_address):
    address = new_address("sqlite")
    make_ledger(address)
    with open_ledger(address) as ledger, pytest.raises(LedgerError, match="cannot store REAL value in INTEGER column"):
        ledger.run("INSERT INTO statement_sequences VALUES ('x', ?)", "0.5")


def test_the_databases_clock_is_told_in_utc(address, clock):
    with open_ledger(address) as ledger:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", stamp(ledger.now()))
        assert abs((ledger.now() - ledger.now()).total_seconds()) < 60


@pytest.fixture
def older(new_address, database):
    """A ledger that an older program made: it knows the first two migrations."""
    address = new_address(database)
    if database == "sqlite":
        address.path.touch()
    with connect(address) as ledger, ledger.writing_facts():
        if database == "postgresql":
            ledger.run(f"CREATE SCHEMA {SCHEMA}")
        for migration in migrations()[:2]:
            for statement in ledger.dialect.definitions(migration.sql):
                ledger.run(statement)
            row = (migration.number, migration.name, migration.checksum, "0.0.9", stamp(ledger.now()))
            ledger.insert("migrations", "number, name, checksum, program, at", row)
        ledger.insert("journal", "number, what, ref, digest, head, at", (1, "fact", "x", "d", "h", row[-1]))
    return address


def test_an_older_ledger_is_brought_forward_when_it_is_opened(older):
    with open_ledger(older) as ledger:
        assert [found.number for found in read_applied(ledger)] == [migration.number for migration in migrations()]
        assert ledger.rows("SELECT what FROM journal") == [("fact",)]
        assert count_rows(ledger)["statements"] == 0


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(older):
    with connect(older) as ledger:
        ledger.run("CREATE TABLE notices (id TEXT)")
    with pytest.raises(LedgerUnavailableError, match=r"notices.* already exists"):
        open_ledger(older)
    with connect(older) as ledger:
        assert [found.number for found in read_applied(ledger)] == [1, 2]
        assert ledger.row(ledger.dialect.has_table, "statements") is None


def test_a_newer_ledger_is_refused_before_the_first_write(address):
    with open_ledger(address) as ledger:
        ledger.insert("migrations", "number, name, checksum, program, at", (99, "more", "c", "9.0", ""))
    for opening in (open_ledger, make_ledger):
        with pytest.raises(NewerLedgerError, match=r"is of version 99, written by Tenantry 9\.0"):
            opening(address)


def test_a_migration_that_was_changed_is_refused(address):
    with open_ledger(address) as ledger:
        ledger.run("UPDATE migrations SET checksum = 'another' WHERE number = 1")
    with pytest.raises(LedgerError, match="the migration 0001_journal with another content"):
        open_ledger(address)


def test_migrations_are_numbered_without_a_gap():
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_new_ledger_on_sqlite_is_private(new_address):
    address = new_address("sqlite")
    make_ledger(address)
    assert stat.S_IMODE(address.path.stat().st_mode) == 0o600


def test_a_ledger_in_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(LedgerUnavailableError, match=r"none/ledger\.db can't be written: No such file or directory"):
        make_ledger(SqliteAddress(tmp_path / "none" / "ledger.db"))


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "ledger.db").write_text("Dear diary, " * 100)
    with pytest.raises(LedgerError, match="is no database of SQLite"):
        open_ledger(SqliteAddress(tmp_path / "ledger.db"))


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(LedgerUnavailableError) as caught:
        open_ledger(PostgresAddress("postgresql://owl:hush@127.0.0.1:1/owl"))
    assert "postgresql://owl:***@127.0.0.1:1/owl can't be used" in str(caught.value)
    assert "hush" not in f"{caught.value} {caught.value!r}"


def test_a_new_ledger_is_empty(ledger):
    assert list_statements(ledger, STACK) == ()
    assert {number for name, number in count_rows(ledger).items() if name not in ("migrations", "identity")} == {0}
