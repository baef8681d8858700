"""Reasons of suspension: a set, of which each is lifted by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from ledger_statements import STACK

from tenantry.ledger.suspensions import (
    NewSuspension,
    add_suspension,
    lift_suspension,
    open_suspensions,
    suspensions_of,
)
from tenantry.model.suspension import Suspended, suspended_days

UNPAID = NewSuspension(STACK, "acme", "AC" + "1" * 32, "nonpayment", "INV-7", "ana")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def at(day, hour=0, month=3):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_a_reason_holds_from_now_until_it_is_lifted(ledger, clock):
    added = add_suspension(ledger, UNPAID).value
    assert (added.since, added.lifted_at) == (clock.now, None)
    clock.now += timedelta(days=2)
    lifted = lift_suspension(ledger, STACK.parent, "acme", "nonpayment", by="ben")
    assert lifted == replace(added, lifted_at=clock.now, lifted_by="ben")
    assert (open_suspensions(ledger, STACK.parent), suspensions_of(ledger, STACK.parent, "acme")) == ((), (lifted,))


def test_lifting_a_reason_leaves_the_others(ledger):
    add_suspension(ledger, UNPAID)
    add_suspension(ledger, replace(UNPAID, reason="cap", ref="monthly-sms", until=at(1, month=4)))
    lift_suspension(ledger, STACK.parent, "acme", "nonpayment", by="ben")
    assert [(row.reason, row.until) for row in open_suspensions(ledger, STACK.parent, "acme")] == [
        ("cap", at(1, month=4))
    ]


def test_a_reason_that_holds_already_is_not_recorded_again(ledger):
    first, second = add_suspension(ledger, UNPAID), add_suspension(ledger, replace(UNPAID, ref="INV-8"))
    assert (first.is_new, second.is_new, second.value) == (True, False, first.value)


def test_a_reason_may_hold_again_after_it_was_lifted(ledger, clock):
    add_suspension(ledger, UNPAID)
    lift_suspension(ledger, STACK.parent, "acme", "nonpayment", by="ben")
    clock.now += timedelta(days=1)
    assert add_suspension(ledger, UNPAID).is_new
    assert len(suspensions_of(ledger, STACK.parent, "acme")) == 2


def test_lifting_what_does_not_hold_is_nothing(ledger):
    add_suspension(ledger, replace(UNPAID, tenant="birch"))
    assert lift_suspension(ledger, STACK.parent, "acme", "nonpayment", by="ben") is None
    assert len(open_suspensions(ledger, STACK.parent)) == 1


def test_what_the_ledger_has_tells_the_days(ledger, clock):
    add_suspension(ledger, replace(UNPAID, since=at(30, 12)))
    spans = [row.span for row in suspensions_of(ledger, STACK.parent, "acme")]
    assert suspended_days(spans, *MARCH) == {date(2026, 3, 31)}


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([], []),
        ([Suspended("fraud", at(10), at(11))], [10]),
        ([Suspended("fraud", at(10, 1), at(12))], [11]),
        ([Suspended("fraud", at(10), at(11, 23))], [10]),
        ([Suspended("cap", at(10), at(20))], []),
        ([Suspended("cap", at(10), at(20)), Suspended("nonpayment", at(12), at(14))], []),
        ([Suspended("cap", at(10), at(12, 12)), Suspended("nonpayment", at(11), at(14))], [12, 13]),
        ([Suspended("fraud", at(10), at(10, 12)), Suspended("nonpayment", at(10, 12), at(11))], [10]),
        ([Suspended("fraud", at(10), at(10, 12)), Suspended("nonpayment", at(10, 13), at(11))], []),
        ([Suspended("fraud", at(10), at(14)), Suspended("nonpayment", at(11), at(12))], [10, 11, 12, 13]),
        ([Suspended("nonpayment", at(30))], [30, 31]),
        ([Suspended("nonpayment", at(1, month=2), at(3))], [1, 2]),
        ([Suspended("nonpayment", at(1, month=2), None), Suspended("fraud", at(5), at(6))], list(range(1, 32))),
    ],
)
def test_days_count_from_midnight_to_midnight_and_never_for_a_cap(spans, days):
    assert sorted(day.day for day in suspended_days(reversed(spans), *MARCH)) == days
