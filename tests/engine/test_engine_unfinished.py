"""Marks of runs that did not end well."""

from datetime import UTC, datetime, timedelta

import pytest

from tenantry.engine.command import CommandError
from tenantry.engine.unfinished import LONGEST, TAG, Mark, ended, marked, parsed, settled, since, written

FIRST = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
LATER = FIRST + timedelta(hours=3)
ACME, BIRCH = frozenset({"acme"}), frozenset({"birch"})
NOBODY: frozenset[str] = frozenset()


def test_a_run_for_all_tenants_marks_all_since_it_began_in_whole_seconds():
    assert marked((), FIRST + timedelta(microseconds=7), None) == (Mark(FIRST),)


def test_the_earliest_mark_of_a_tenant_stays():
    assert marked((Mark(FIRST),), LATER, None) == (Mark(FIRST),)
    both = marked((Mark(FIRST, ACME),), LATER, None)
    assert (since(both, "acme"), since(both, "birch")) == (FIRST, LATER)
    assert marked((Mark(FIRST, ACME),), LATER, ACME | BIRCH) == (Mark(FIRST, ACME), Mark(LATER, BIRCH))


def test_a_run_for_all_tenants_takes_marks_away_but_for_those_that_are_not_settled():
    assert settled((Mark(FIRST),), None, NOBODY) == ()
    assert settled((Mark(FIRST),), None, ACME) == (Mark(FIRST, ACME),)


def test_a_run_for_some_tenants_takes_away_theirs_and_never_one_for_all():
    assert settled((Mark(FIRST, ACME | BIRCH),), ACME, NOBODY) == (Mark(FIRST, BIRCH),)
    assert settled((Mark(FIRST),), ACME, NOBODY) == (Mark(FIRST),)


def test_a_tenant_that_failed_is_marked_since_the_first_run_that_did_not_end_well():
    assert ended((), LATER, None, failed=ACME, unsettled=NOBODY) == (Mark(LATER, ACME),)
    assert ended((Mark(FIRST),), LATER, None, failed=ACME, unsettled=BIRCH) == (Mark(FIRST, ACME | BIRCH),)


def test_marks_are_read_as_they_were_written():
    marks = (Mark(FIRST, ACME | BIRCH), Mark(LATER))
    assert written(marks) == "2026-11-22T17:40:00+00:00=acme,birch 2026-11-22T20:40:00+00:00"
    assert parsed(written(marks)) == marks
    assert parsed("") == ()


def test_marks_of_too_many_tenants_to_name_are_one_of_all_since_the_first():
    many = frozenset(f"customer-{number:04}" for number in range(100))
    value = written((Mark(FIRST, ACME), Mark(LATER, many)))
    assert len(value) <= LONGEST
    assert parsed(value) == (Mark(FIRST),)


@pytest.mark.parametrize("value", ["yesterday", "2026-11-22T17:40:00", "2026-11-22=acme"])
def test_a_tag_that_somebody_else_wrote_is_refused_with_the_way_out(value):
    with pytest.raises(CommandError, match=f"says '{value}', which no `tenantry up` wrote.*stack tag rm {TAG}"):
        parsed(value)
