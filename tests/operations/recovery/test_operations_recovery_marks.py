"""The marks of a stack around a run."""

from datetime import UTC, datetime, timedelta

from tenantry.engine.state.unfinished import Mark
from tenantry.operations.recovery.marks import begin_run, end_run, settle_tenants

FIRST = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
LATER, LAST = FIRST + timedelta(hours=3), FIRST + timedelta(hours=4)
ACME, BIRCH = frozenset({"acme"}), frozenset({"birch"})
NOBODY: frozenset[str] = frozenset()


def test_a_run_for_all_marks_all_tenants_in_whole_seconds():
    assert begin_run((), FIRST + timedelta(microseconds=7), None) == (Mark(FIRST),)


def test_a_run_that_was_killed_is_over_when_the_next_one_begins():
    assert begin_run((Mark(FIRST),), LATER, None) == (Mark(FIRST, None, LATER), Mark(LATER))
    assert begin_run((Mark(FIRST, ACME, LATER),), LAST, ACME) == (Mark(FIRST, ACME, LATER), Mark(LAST, ACME))


def test_a_run_for_all_removes_all_marks_but_unsettled_ones():
    assert settle_tenants((Mark(FIRST),), None, NOBODY) == ()
    assert settle_tenants((Mark(FIRST),), None, ACME) == (Mark(FIRST, ACME),)


def test_a_focused_run_removes_its_tenants_marks_and_none_for_all():
    assert settle_tenants((Mark(FIRST, ACME | BIRCH),), ACME, NOBODY) == (Mark(FIRST, BIRCH),)
    assert settle_tenants((Mark(FIRST),), ACME, NOBODY) == (Mark(FIRST),)


def test_failed_tenants_are_marked_for_this_run_unsettled_for_earlier():
    assert end_run((), LATER, LAST, None, failed=ACME, unsettled=NOBODY) == (Mark(LATER, ACME, LAST),)
    assert end_run((Mark(FIRST),), LATER, LAST, None, failed=ACME, unsettled=BIRCH) == (
        Mark(FIRST, BIRCH, LATER),
        Mark(LATER, ACME, LAST),
    )
