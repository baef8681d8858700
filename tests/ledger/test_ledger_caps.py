"""What the receiver keeps, on both databases: events once, standing whole, leases, accounts that have to follow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from ledger_statements import STACK

from tenantry.ledger.account_tasks import ask_account, claim_tasks, finish_task, put_off_task, tasks_of
from tenantry.ledger.cap_events import (
    SHADOW,
    Decision,
    NewCapEvent,
    count_events,
    find_events,
    has_event,
    keep_events,
    settle_event,
    waiting_events,
)
from tenantry.ledger.cap_overrides import (
    CapReading,
    insert_override,
    keep_cap_readings,
    newest_override,
    overrides_in_force,
    read_cap_readings,
)
from tenantry.ledger.check import find_problems
from tenantry.ledger.leases import drop_lease, take_lease
from tenantry.ledger.notices import NewNotice, claim_notices, queue_notices
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.standing import (
    NewStanding,
    find_standing,
    read_standing,
    replace_standing,
    standing_version,
    update_standing,
)

PARENT = STACK.parent
MINUTE = timedelta(minutes=1)
EVENT = NewCapEvent(
    identity="UT1:2026-04-01",
    parent=PARENT,
    account_sid="AC1",
    trigger_sid="UT1",
    category="sms",
    trigger_by="count",
    trigger_value=Decimal("1000.000000"),
    recurring="monthly",
    current_value=Decimal("1000.5"),
    fired_at=datetime(2026, 4, 4, 9, tzinfo=UTC),
    source="callback",
)


def test_an_event_is_kept_once_whoever_noticed_it(ledger):
    assert [keep_events(ledger, [EVENT]), keep_events(ledger, [replace(EVENT, source="sweep")])] == [1, 0]
    [kept] = waiting_events(ledger, PARENT, 10)
    assert (kept.source, kept.current_value, kept.status) == ("callback", Decimal("1000.5"), "waiting")
    assert has_event(ledger, EVENT.identity)


def test_an_event_that_was_settled_waits_no_longer(ledger, clock):
    keep_events(ledger, [EVENT])
    [event] = waiting_events(ledger, PARENT, 10)
    until = datetime(2026, 5, 1, tzinfo=UTC)
    with ledger.writing():
        settle_event(ledger, event, Decision("holding", "suspended", "acme", "monthly-sms", until))
    [held] = find_events(ledger, PARENT, "holding", "acme")
    assert (held.cap, held.until, held.decided_at) == ("monthly-sms", until, clock.now)
    assert (waiting_events(ledger, PARENT, 10), count_events(ledger, PARENT, "holding")) == ((), 1)


def test_no_account_waits_for_all_events_of_another(ledger):
    storm = [replace(EVENT, identity=f"storm-{number}") for number in range(12)]
    keep_events(ledger, [*storm, replace(EVENT, identity="birch", account_sid="AC2")])
    assert [event.identity for event in waiting_events(ledger, PARENT, 3)] == ["storm-0", "storm-1", "birch"]


def test_of_tenants_that_are_named_nothing_else_is_read(ledger, clock):
    replace_standing(ledger, STACK, [NewStanding("acme", "AC1", "{}"), NewStanding("birch", "AC2", "{}")], None)
    assert [row.tenant for row in read_standing(ledger, PARENT, {"birch", "cedar"})] == ["birch"]
    readings = [CapReading(slug, "sms", Decimal(1), Decimal(2), clock.now) for slug in ("acme", "birch")]
    keep_cap_readings(ledger, PARENT, readings)
    assert read_cap_readings(ledger, PARENT, "birch") == (readings[1],)


def test_events_of_a_shadow_are_apart(ledger):
    keep_events(ledger, [EVENT, replace(EVENT, identity=f"{SHADOW}{EVENT.identity}")])
    assert [len(waiting_events(ledger, PARENT, 10, shadow=shadow)) for shadow in (False, True)] == [1, 1]


def test_standing_is_replaced_whole_and_one_stack_at_a_time(ledger, clock):
    replace_standing(ledger, STACK, [NewStanding("acme", "AC1", "{}"), NewStanding("birch", "AC2", "{}")], "abc")
    other = replace(STACK, stack="other")
    replace_standing(ledger, other, [NewStanding("cedar", "AC3", "{}")], None)
    before = standing_version(ledger, PARENT)
    clock.now += MINUTE
    replace_standing(ledger, STACK, [NewStanding("birch", "AC2", '{"a":1}')], "def")
    assert [row.tenant for row in read_standing(ledger, PARENT)] == ["birch", "cedar"]
    assert find_standing(ledger, PARENT, "AC2").commit == "def"
    assert find_standing(ledger, PARENT, "AC1") is None
    assert standing_version(ledger, PARENT) != before


def test_an_update_leaves_other_tenants_and_changes_the_version(ledger, clock):
    replace_standing(ledger, STACK, [NewStanding("acme", "AC1", "{}"), NewStanding("birch", "AC2", "{}")], "abc")
    before = standing_version(ledger, PARENT)
    clock.now += MINUTE
    update_standing(ledger, STACK, [NewStanding("acme", "AC1", '{"a":1}')])
    assert [row.document for row in read_standing(ledger, PARENT)] == ['{"a":1}', "{}"]
    assert standing_version(ledger, PARENT) != before


def test_a_lease_is_one_process_s_until_it_ends(ledger, clock):
    assert take_lease(ledger, "sweep", "a", MINUTE)
    assert [take_lease(ledger, "sweep", holder, MINUTE) for holder in "ba"] == [False, True]
    clock.now += MINUTE
    assert take_lease(ledger, "sweep", "b", MINUTE)
    drop_lease(ledger, "sweep", "a")
    assert not take_lease(ledger, "sweep", "c", MINUTE)
    drop_lease(ledger, "sweep", "b")
    assert take_lease(ledger, "sweep", "c", MINUTE)


def test_an_account_follows_once_and_again_where_it_was_asked_meanwhile(ledger, clock):
    ask(ledger)
    [task] = claim_tasks(ledger, PARENT, lease=MINUTE, limit=10)
    assert claim_tasks(ledger, PARENT, lease=MINUTE, limit=10) == ()
    ask(ledger)
    finish_task(ledger, task)
    [again] = claim_tasks(ledger, PARENT, lease=MINUTE, limit=10)
    put_off_task(ledger, again, "Twilio is down", MINUTE)
    assert [found.last_error for found in tasks_of(ledger, PARENT)] == ["Twilio is down"]
    assert claim_tasks(ledger, PARENT, lease=MINUTE, limit=10) == ()
    clock.now += MINUTE
    [last] = claim_tasks(ledger, PARENT, lease=MINUTE, limit=10)
    finish_task(ledger, last)
    assert tasks_of(ledger, PARENT) == ()


def ask(ledger):
    with ledger.writing():
        ask_account(ledger, PARENT, "acme", "AC1")


def test_the_newest_override_counts_and_ends(ledger, clock):
    with ledger.writing_facts():
        for limit in (1500, 2000):
            insert_override(ledger, STACK, "acme", "monthly-sms", Decimal(limit), clock.now + MINUTE, "ana")
    assert newest_override(ledger, PARENT, "acme", "monthly-sms").limit == 2000
    assert [override.limit for override in overrides_in_force(ledger, PARENT)] == [2000]
    clock.now += MINUTE
    assert overrides_in_force(ledger, PARENT) == ()
    assert find_problems(ledger) == ()


def test_readings_of_caps_replace_older_ones(ledger, clock):
    for used in (10, 20):
        keep_cap_readings(ledger, PARENT, [CapReading("acme", "sms", Decimal(used), Decimal(1000), clock.now)])
    assert [reading.current_value for reading in read_cap_readings(ledger, PARENT)] == [20]


@pytest.mark.parametrize(
    ("types", "claimed"),
    [((), ["a_b.c", "a.b", "ax.b"]), (("a.*",), ["a.b"]), (("a_b.*", "ax.b"), ["a_b.c", "ax.b"])],
)
def test_notices_are_claimed_by_type_and_parent(ledger, types, claimed):
    kinds = ("a_b.c", "a.b", "ax.b")
    queue_notices(ledger, [NewNotice(kind, "us", STACK, {}, "acme") for kind in kinds])
    queue_notices(ledger, [NewNotice(kind, "us", replace(STACK, parent="AC9"), {}, "acme") for kind in kinds])
    found = claim_notices(ledger, lease=MINUTE, parent=PARENT, types=types)
    assert sorted(notice.type for notice in found) == sorted(claimed)


def test_two_connections_keep_an_event_once(ledger, address, clock):
    with open_ledger(address, clock=clock) as other:
        assert keep_events(ledger, [EVENT]) + keep_events(other, [EVENT]) == 1
