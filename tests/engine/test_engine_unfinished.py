"""Marks of runs that did not end well."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.state.unfinished import (
    KEPT,
    LONGEST,
    TAG,
    Mark,
    format_marks,
    is_marked,
    parse_marks,
    read_marks,
    read_record,
    run_of,
)

FIRST = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER, LAST = FIRST + timedelta(hours=3), FIRST + timedelta(hours=4)
ACME, BIRCH = frozenset({"acme"}), frozenset({"birch"})
NOBODY: frozenset[str] = frozenset()


def test_only_objects_made_during_a_run_can_belong_to_it():
    marks = (Mark(FIRST, ACME, FIRST + MINUTE), Mark(LATER, BIRCH))
    assert run_of(marks, "acme", FIRST, MINUTE) == FIRST
    assert run_of(marks, "acme", FIRST - MINUTE, MINUTE) == FIRST
    assert run_of(marks, "acme", FIRST + 2 * MINUTE, MINUTE) == FIRST
    assert run_of(marks, "acme", FIRST - 2 * MINUTE, MINUTE) is None
    assert run_of(marks, "acme", FIRST + 3 * MINUTE, MINUTE) is None
    assert run_of(marks, "birch", LAST, MINUTE) == LATER
    assert run_of(marks, "birch", FIRST, MINUTE) is None


def test_no_run_lasts_for_more_than_a_day():
    day = timedelta(days=1)
    for mark in (Mark(FIRST), Mark(FIRST, None, FIRST + 9 * day)):
        assert run_of((mark,), "acme", FIRST + day, MINUTE) == FIRST
        assert run_of((mark,), "acme", FIRST + day + 2 * MINUTE, MINUTE) is None


def test_a_tenant_is_marked_by_its_name_or_with_all():
    assert is_marked((Mark(FIRST, ACME),), "acme")
    assert not is_marked((Mark(FIRST, ACME),), "birch")
    assert is_marked((Mark(FIRST, ACME), Mark(LATER)), "birch")
    assert not is_marked((), "acme")


def test_marks_are_read_as_they_were_written():
    marks = (Mark(FIRST, ACME | BIRCH, FIRST + MINUTE), Mark(LATER))
    assert format_marks(marks) == (
        "2026-11-22T17:40:00+00:00/2026-11-22T17:41:00+00:00=acme,birch 2026-11-22T20:40:00+00:00"
    )
    assert parse_marks(format_marks(marks)) == marks
    assert parse_marks("") == ()


def test_a_tenant_that_fails_night_after_night_costs_no_other_a_mark():
    nights = [FIRST + timedelta(days=day) for day in range(30)]
    marks = (*(Mark(night, ACME, night + MINUTE) for night in nights), Mark(nights[-1] + MINUTE))
    value = format_marks(marks)
    assert len(value) <= LONGEST
    assert set(parse_marks(value)) == {Mark(nights[0], ACME, nights[-1] + MINUTE), Mark(nights[-1] + MINUTE)}


@pytest.mark.parametrize(("until", "whole"), [(LAST, LAST), (None, None)])
def test_marks_of_too_many_tenants_become_one_mark_for_all(until, whole):
    many = frozenset(f"customer-{number:04}" for number in range(100))
    value = format_marks((Mark(FIRST, ACME, LATER), Mark(LATER, many, until)))
    assert len(value) <= LONGEST
    assert parse_marks(value) == (Mark(FIRST, None, whole),)


def test_unreadable_tags_are_reported_and_not_taken_for_none(tmp_path):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho null\n")  # what Pulumi 3.259 prints where the file of the tags is damaged
    pulumi.chmod(0o700)
    with pytest.raises(CommandError, match=r"^Reading the tags of stack dev: .*`dev\.pulumi-tags`"):
        read_marks(Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {}))


@pytest.mark.parametrize("value", ["yesterday", "2026-11-22T17:40:00", "2026-11-22=acme", "2026-11-22T17:40:00+00:00/"])
def test_a_tag_that_somebody_else_wrote_is_refused_with_the_way_out(value):
    text = f"says '{re.escape(value)}', which no `tenantry up` wrote.*stack tag rm {TAG}"
    with pytest.raises(CommandError, match=text):
        parse_marks(value)


@pytest.mark.parametrize(("tags", "kept"), [("{}", False), (f'{{"{KEPT}": "yes"}}', True)])
def test_a_renamed_stack_has_lost_the_note_about_its_marks(tmp_path, tags, kept):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\necho '{tags}'\n")
    pulumi.chmod(0o700)
    record = read_record(Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {}))
    assert (record.marks, record.kept) == ((), kept)
