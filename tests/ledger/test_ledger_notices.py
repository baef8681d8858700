"""Notices wait in the ledger; each is taken by one sender at a time."""

import json
from datetime import timedelta

import pytest
from ledger_statements import STACK

from tenantry.ledger.notices import (
    NewNotice,
    claim_notices,
    mark_failed,
    mark_sent,
    notices_of,
    queue_notices,
    replay_notice,
)

LEASE = timedelta(minutes=1)
NOTICE = NewNotice("cap.reached", "us", STACK, {"tenant": "acme", "limit": "1000"}, tenant="acme")


@pytest.fixture
def list_queued(ledger):
    (name,) = queue_notices(ledger, [NOTICE])
    return name


def list_claimed(ledger):
    return [notice.id for notice in claim_notices(ledger, lease=LEASE)]


def test_a_notice_waits_with_what_it_tells(ledger, list_queued, clock):
    (notice,) = notices_of(ledger, STACK.parent)
    assert (notice.id, notice.type, notice.tenant, json.loads(notice.payload)) == (
        list_queued,
        "cap.reached",
        "acme",
        NOTICE.payload,
    )
    assert (notice.status, notice.attempts, notice.created_at) == ("waiting", 0, clock.now)


def test_a_claimed_notice_is_nobody_elses_until_its_lease_is_over(ledger, list_queued, clock):
    assert (list_claimed(ledger), list_claimed(ledger)) == ([list_queued], [])
    clock.now += LEASE
    assert list_claimed(ledger) == [list_queued]
    assert notices_of(ledger, STACK.parent)[0].attempts == 2


def test_a_sent_notice_is_not_sent_again(ledger, list_queued, clock):
    list_claimed(ledger)
    mark_sent(ledger, list_queued)
    clock.now += 2 * LEASE
    assert list_claimed(ledger) == []
    assert [notice.sent_at for notice in notices_of(ledger, STACK.parent, status="sent")] == [clock.now - 2 * LEASE]


def test_a_failed_notice_is_tried_later(ledger, list_queued, clock):
    list_claimed(ledger)
    mark_failed(ledger, list_queued, "503", retry_in=3 * LEASE)
    clock.now += 2 * LEASE
    assert list_claimed(ledger) == []
    clock.now += LEASE
    assert list_claimed(ledger) == [list_queued]


def test_a_dead_notice_is_sent_when_it_is_replayed(ledger, list_queued):
    mark_failed(ledger, list_queued, "410", retry_in=None)
    assert [notice.last_error for notice in notices_of(ledger, STACK.parent, status="dead")] == ["410"]
    assert list_claimed(ledger) == []
    assert replay_notice(ledger, list_queued)
    assert list_claimed(ledger) == [list_queued]


def test_a_notice_that_is_not_there_is_not_replayed(ledger):
    assert not replay_notice(ledger, "msg_none")


def test_the_oldest_notices_are_taken_first(ledger, list_queued, clock):
    clock.now += LEASE
    (later,) = queue_notices(ledger, [NOTICE])
    assert [notice.id for notice in claim_notices(ledger, lease=LEASE, limit=1)] == [list_queued]
    assert list_claimed(ledger) == [later]
