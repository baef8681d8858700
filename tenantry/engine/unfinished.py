"""Marks of runs that did not end well: a tag of the stack says since when, and in which tenants, something may be left.

`tenantry up` sets one before it applies and takes it away after, so that it stays where a run was killed. What such a
run made and did not record is looked for from then on, by the run after it. A tag is Pulumi's own (`pulumi stack tag`),
works with every backend, and needs no lock; its value may have 256 characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tenantry.engine.command import CommandError, Project, run_plain

TAG = "tenantry:unfinished"
LONGEST = 256
"""Characters that Pulumi Cloud takes for a value."""
Slugs = frozenset[str]


@dataclass(frozen=True)
class Mark:
    """A run that began at `since` (UTC, whole seconds) may have left something in these tenants; None is all."""

    since: datetime
    slugs: Slugs | None = None


Marks = tuple[Mark, ...]


def read_marks(project: Project) -> Marks:
    """Return the marks of the stack; raises CommandError."""
    tags = json.loads(run_plain(project, "stack", "tag", "ls", "--json", "--stack", project.stack))
    return parsed(tags.get(TAG, ""))


def write_marks(project: Project, before: Marks, after: Marks) -> None:
    """Make the marks of the stack `after`, where they are not; raises CommandError."""
    stack = ("--stack", project.stack)
    if after and after != before:
        run_plain(project, "stack", "tag", "set", TAG, written(after), *stack)
    elif before and not after:
        run_plain(project, "stack", "tag", "rm", TAG, *stack)


def marked(marks: Marks, now: datetime, slugs: Slugs | None) -> Marks:
    """Return the marks with one more, of a run that begins now, for these tenants."""
    return _simplest((*marks, Mark(now.astimezone(UTC).replace(microsecond=0), slugs)))


def settled(marks: Marks, focus: Slugs | None, unsettled: Slugs) -> Marks:
    """Return what is left of the marks when the tenants of a run were looked at, but for those that are `unsettled`.

    A mark for all tenants is not taken away by a run for some.
    """
    kept = (Mark(mark.since, _left(mark.slugs, focus, unsettled)) for mark in marks)
    return _simplest(mark for mark in kept if mark.slugs is None or mark.slugs)


def ended(marks: Marks, now: datetime, focus: Slugs | None, *, failed: Slugs, unsettled: Slugs) -> Marks:
    """Return the marks after a run that began at `now` and came to its end.

    What a tenant that `failed` was making may be there; leftovers of `unsettled` ones could not be seen or deleted.
    """
    left = settled(marks, focus, unsettled | failed)
    return marked(left, now, failed) if failed else left


def since(marks: Marks, slug: str) -> datetime | None:
    """Return since when something may be left in a tenant; None where nothing is."""
    return min((mark.since for mark in marks if mark.slugs is None or slug in mark.slugs), default=None)


def written(marks: Marks) -> str:
    """Return marks as the value of a tag; where they are too many to name, the earliest for all tenants."""
    value = " ".join(map(_text, marks))
    return value if len(value) <= LONGEST else _text(Mark(min(mark.since for mark in marks)))


def parsed(value: str) -> Marks:
    """Return the marks that a value of the tag tells; raises CommandError where it is nothing of ours."""
    try:
        return tuple(map(_mark, value.split()))
    except ValueError:
        raise CommandError(
            f"The stack's tag {TAG} says '{value}', which no `tenantry up` wrote; nothing was begun. Take it away "
            f"with `pulumi stack tag rm {TAG}`."
        ) from None


def _simplest(marks: Iterable[Mark]) -> Marks:
    """Return marks by time, each without the tenants that an earlier one has."""
    simple: list[Mark] = []
    named: Slugs = frozenset()
    for mark in sorted(marks, key=lambda mark: mark.since):
        if mark.slugs is None:
            return (*simple, mark)
        if left := mark.slugs - named:
            simple.append(Mark(mark.since, left))
            named |= left
    return tuple(simple)


def _left(slugs: Slugs | None, focus: Slugs | None, unsettled: Slugs) -> Slugs | None:
    if slugs is None:
        return unsettled if focus is None else None
    return slugs & unsettled if focus is None else (slugs - focus) | (slugs & unsettled)


def _text(mark: Mark) -> str:
    return mark.since.isoformat() + (f"={','.join(sorted(mark.slugs))}" if mark.slugs is not None else "")


def _mark(text: str) -> Mark:
    when, named, slugs = text.partition("=")
    moment = datetime.fromisoformat(when)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return Mark(moment, frozenset(slugs.split(",")) if named else None)
