"""Backups, and moving a ledger from one database to the other: whole or nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from ledger_statements import STACK, close, closing_of
from test_ledger_credits import CREDIT, PACK
from test_ledger_suspensions import UNPAID
from test_ledger_usage import PARENT, READ

from tenantry.ledger.adjustments import add_adjustment
from tenantry.ledger.check import find_problems
from tenantry.ledger.copy import copy_ledger
from tenantry.ledger.credits import CreditUse, add_purchases
from tenantry.ledger.errors import LedgerExistsError, MissingLedgerError
from tenantry.ledger.health_days import HealthDay, add_days
from tenantry.ledger.journal import read_head
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.readings import add_reads
from tenantry.ledger.sqlite import write_backup
from tenantry.ledger.statements import list_statements
from tenantry.ledger.suspensions import add_suspension, lift_suspension
from tenantry.ledger.tables import TABLES, count_rows

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def full(ledger, clock):
    """A ledger with rows in every table but one, which corrections fill."""
    add_reads(ledger, PARENT, [READ])
    with ledger.writing():
        add_days(ledger, PARENT, "AC1", "acme", [HealthDay(date(2026, 4, 3), 9, 8, 1, 0, None, None)])
    lot, added = add_purchases(ledger, [PACK])[0].value, add_adjustment(ledger, CREDIT).value
    close(ledger, closing_of("Zoë · 牙医", accounts=()))
    close(ledger, closing_of(adjustments=(added.id,), uses=(CreditUse(lot.id, "2026-03", PACK.units),)))
    add_suspension(ledger, UNPAID)
    clock.now += timedelta(days=1)
    lift_suspension(ledger, STACK.parent, "acme", "nonpayment", by="ben")
    return ledger


def rows_of(ledger):
    """Return each table's rows in an order of their own."""
    names = {table.name: ", ".join(sorted(ledger.columns(table.name))) for table in TABLES}
    return {name: sorted(ledger.rows(f"SELECT {columns} FROM {name}"), key=str) for name, columns in names.items()}


def test_a_copy_on_the_other_database_is_the_same(full, new_address):
    target = new_address(OTHER[full.dialect.name])
    copy_ledger(full, target)
    with open_ledger(target) as copied:
        assert rows_of(copied) == rows_of(full)
        assert find_problems(copied, noted=str(read_head(full))) == ()
        assert list_statements(copied, STACK) == list_statements(full, STACK)


def test_a_copy_goes_on_where_the_ledger_ended(full, new_address):
    target = new_address(OTHER[full.dialect.name])
    copy_ledger(full, target)
    with open_ledger(target) as copied:
        assert close(copied, closing_of(month="2026-04")).value.number == "OWL-2026-000003"
        assert add_purchases(copied, [replace(PACK, ref="PAY-2")])[0].value.id == 2


def test_an_empty_ledger_takes_a_copy(full, new_address):
    target = new_address(OTHER[full.dialect.name])
    make_ledger(target)
    copy_ledger(full, target)
    with open_ledger(target) as copied:
        assert count_rows(copied) == count_rows(full)


def test_a_ledger_that_holds_anything_takes_no_copy(full, new_address):
    target = new_address(OTHER[full.dialect.name])
    make_ledger(target)
    with open_ledger(target) as other:
        add_suspension(other, UNPAID)
    with pytest.raises(LedgerExistsError, match="is not empty: it has rows in journal, suspensions"):
        copy_ledger(full, target)
    with open_ledger(target) as other:
        assert list_statements(other, STACK) == ()


def test_a_ledger_is_not_copied_onto_itself(full):
    with pytest.raises(LedgerExistsError, match="is the ledger itself"):
        copy_ledger(full, full.address)


def test_a_copy_that_fails_leaves_nothing(full, new_address):
    target = new_address(OTHER[full.dialect.name])
    with pytest.raises(ZeroDivisionError):
        copy_ledger(replace(full, connection=_Failing(full.connection)), target)
    with pytest.raises(MissingLedgerError):
        open_ledger(target)


def test_a_backup_of_sqlite_is_one_whole_file(new_address, tmp_path):
    address = new_address("sqlite")
    make_ledger(address)
    file = tmp_path / "backup.db"
    with open_ledger(address) as ledger:
        close(ledger, closing_of())
        write_backup(ledger, file)
        close(ledger, closing_of("birch"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "ledger-0.db"]
    with open_ledger(replace(address, path=file)) as backup:
        assert [statement.owner.customer for statement in list_statements(backup, STACK)] == ["acme"]


def test_a_backup_replaces_no_file(new_address, tmp_path):
    address = new_address("sqlite")
    make_ledger(address)
    (tmp_path / "backup.db").write_text("mine")
    with open_ledger(address) as ledger, pytest.raises(LedgerExistsError, match="is left as it is"):
        write_backup(ledger, tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "mine"


class _Failing:
    """A connection that fails at the table of notices, the last one."""

    def __init__(self, connection):
        self.connection = connection

    def execute(self, sql, values):
        if "notices" in sql:
            raise ZeroDivisionError
        return self.connection.execute(sql, values)
