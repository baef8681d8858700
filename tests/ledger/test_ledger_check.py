"""`ledger check`: what somebody changed, lost or restored is noticed."""

import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest
from ledger_statements import close, closing_of
from test_ledger_credits import CREDIT, PACK

from tenantry.ledger.adjustments import add_adjustment
from tenantry.ledger.check import find_problems, find_write_refusal
from tenantry.ledger.closing import void_statement
from tenantry.ledger.credits import CreditUse, add_purchases
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.journal import read_head
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.sqlite import write_backup


@pytest.fixture
def closed_ledger(ledger):
    """A ledger with three statements, the second one void."""
    lot = add_purchases(ledger, [PACK])[0].value.id
    added = add_adjustment(ledger, CREDIT).value.id
    close(ledger, closing_of(adjustments=(added,), uses=(CreditUse(lot, "2026-03", Decimal(20)),)))
    void_statement(ledger, close(ledger, closing_of("birch")).value.number, reason="wrong", by="ana")
    close(ledger, closing_of("birch"))
    return ledger


READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET default_transaction_read_only = on"}


def test_a_ledger_that_can_only_be_read_is_named(closed_ledger):
    assert find_write_refusal(closed_ledger) is None
    closed_ledger.run(READ_ONLY[closed_ledger.dialect.name])
    assert find_problems(closed_ledger) == ()
    refusal = find_write_refusal(closed_ledger)
    assert str(closed_ledger.address) in refusal
    assert "until this user may write" in refusal


def test_a_ledger_as_we_write_it_has_no_problem(closed_ledger):
    assert find_problems(closed_ledger, noted=str(read_head(closed_ledger))) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("UPDATE statements SET total = 1 WHERE sequence = 1", "The statement OWL-2026-000001 contradicts itself: "),
        ("UPDATE statements SET for_us = '{}' WHERE sequence = 3", "The statement OWL-2026-000003 is not what was "),
        (
            "UPDATE statement_sequences SET last = 4",
            "The numbers OWL-2026-{sequence} have a gap: 4 were given out",
        ),
        ("UPDATE journal SET at = '' WHERE number = 2", "Entry 2 of the journal does not follow"),
        ("DELETE FROM journal WHERE number = 1", "Entry 1 of the journal does not follow"),
        ("UPDATE credit_uses SET units = '501'", "Of the purchase PAY-1 501 units are used, and it had 500."),
        ("UPDATE adjustments SET statement = 'OWL-2026-000002'", "The adjustment OWL-1 is on OWL-2026-000002, which"),
    ],
)
def test_what_was_changed_by_hand_is_told(closed_ledger, change, problem):
    closed_ledger.run(change)
    assert [found for found in find_problems(closed_ledger) if found.startswith(problem)]


def test_a_ledger_that_was_restored_from_yesterday_is_noticed(new_address, tmp_path):
    address = new_address("sqlite")
    make_ledger(address)
    with open_ledger(address) as ledger:
        close(ledger, closing_of())
        write_backup(ledger, tmp_path / "yesterday.db")
        close(ledger, closing_of("birch"))
        noted = str(read_head(ledger))
        assert find_problems(ledger, noted=noted) == ()
    (tmp_path / "yesterday.db").replace(address.path)
    with open_ledger(address) as ledger:
        (problem,) = find_problems(ledger, noted=noted)
        assert problem.startswith(f"The journal does not have the head {noted}: this is an older copy")
        close(ledger, closing_of("cedar"))
        assert len(find_problems(ledger, noted=noted)) == 1


@pytest.mark.parametrize("noted", ["", "12", "x:0123456789abcdef", "1:0123", "01:0123456789abcdef"])
def test_a_head_that_is_none_is_refused(ledger, noted):
    with pytest.raises(LedgerError, match="is no head of a ledger's journal"):
        find_problems(ledger, noted=noted)


def test_damage_of_a_file_is_reported(new_address):
    address = new_address("sqlite")
    make_ledger(address)
    with closing(sqlite3.connect(address.path)) as connection:
        [[page]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'statements'").fetchall()
        [[size]] = connection.execute("PRAGMA page_size").fetchall()
    content = bytearray(address.path.read_bytes())
    content[(page - 1) * size : page * size] = b"x" * size
    address.path.write_bytes(content)
    with open_ledger(address) as ledger:
        assert find_problems(ledger)[0].startswith((f"The ledger {address} is damaged: ", "The file is damaged: "))
