"""Error events on both databases: each once, counted by code, the newest one, and forgotten but for some tenants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ledger_statements import STACK

from tenantry.ledger.error_events import (
    CodeCount,
    ErrorEvent,
    count_codes,
    delete_errors,
    first_seen,
    insert_errors,
    list_errors_since,
    newest_error,
)

PARENT = STACK.parent
DAY = timedelta(days=1)
FIRST = datetime(2026, 4, 1, tzinfo=UTC)
EVENT = ErrorEvent(PARENT, "acme", "AC1", "NO1", "error", "11200", "no answer", None, None, None, None, None, FIRST)
LATER = replace(EVENT, identity="NO2", message="still none", happened_at=FIRST + DAY)
BIRCH = replace(EVENT, tenant="birch", account_sid="AC2", level="warning", parameters='{"MessageSid": "SM1"}')


def keep(ledger, *events):
    with ledger.writing():
        return len(insert_errors(ledger, events))


def test_an_event_is_kept_once_for_each_account(ledger):
    assert [keep(ledger, EVENT, LATER, BIRCH), keep(ledger, EVENT, BIRCH)] == [3, 0]
    assert newest_error(ledger, PARENT, "acme", "11200") == LATER
    assert newest_error(ledger, PARENT, "birch", "11200") == BIRCH
    assert newest_error(ledger, PARENT, "acme", "12100") is None


def test_codes_are_counted_from_one_instant_to_before_another(ledger):
    keep(ledger, EVENT, LATER, BIRCH)
    both = (
        CodeCount("acme", "11200", "error", 2, FIRST, FIRST + DAY),
        CodeCount("birch", "11200", "warning", 1, FIRST, FIRST),
    )
    assert count_codes(ledger, PARENT, FIRST, FIRST + 2 * DAY) == both
    assert count_codes(ledger, PARENT, FIRST + DAY, FIRST + 2 * DAY)[0].count == 1
    assert count_codes(ledger, PARENT, FIRST - DAY, FIRST) == ()
    assert first_seen(ledger, PARENT)["acme", "11200"] == FIRST


def test_the_oldest_are_deleted_first_and_none_of_some_tenants(ledger):
    keep(ledger, EVENT, LATER, BIRCH)
    until = FIRST + 2 * DAY
    assert delete_errors(ledger, PARENT, until, ["birch"], 1) == 1
    assert newest_error(ledger, PARENT, "acme", "11200") == LATER
    assert [delete_errors(ledger, PARENT, until, ["birch"], 9), delete_errors(ledger, PARENT, until, [], 9)] == [1, 1]


def test_errors_of_accounts_that_were_told_of_before_are_listed(ledger, clock):
    clock.now = FIRST
    keep(ledger, EVENT, replace(BIRCH, level="error", happened_at=FIRST - DAY))
    clock.now = FIRST + DAY
    keep(ledger, LATER, replace(LATER, account_sid="AC3"), replace(LATER, identity="NO3", level="warning"))
    assert list_errors_since(ledger, PARENT, FIRST) == {
        "AC1": ((FIRST + DAY, "11200"), (FIRST, "11200")),
        "AC2": (),
    }
    assert list_errors_since(ledger, "AC9", FIRST) == {}
