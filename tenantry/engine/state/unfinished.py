"""Marks of runs that did not end well: a tag of the stack says when they ran, and which tenants may have orphans.

`tenantry up` sets a mark before it applies and removes it after, so that it stays where a run was killed. What such a
run made and did not record, the next run looks for. A tag is Pulumi's own (`pulumi stack tag`), works with
every backend, and needs no lock; its value may have 256 characters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tenantry.engine.run.command import CommandError, Project, read_tags, set_tag

TAG = "tenantry:unfinished"
KEPT = "tenantry:kept"
"""The tag that `tenantry up` leaves for good. Pulumi (3.259) loses a stack's tags when it is renamed, or exported and
imported elsewhere: one that has resources and not this tag may have lost the mark of a run that was killed."""
LONGEST = 256
"""The most characters of a value that Pulumi Cloud accepts."""
UNREADABLE = (
    "Reading the tags of stack {stack}: the backend does not return them. See whether `{stack}.pulumi-tags`, beside "
    "the stack's state, can be read. A damaged file may be deleted; the marks of unfinished runs are then lost."
)
ALLOWANCE = timedelta(minutes=1)
"""How far marks may differ from Twilio's clock, which dates objects; `tenantry up` takes the time from it."""
LONGEST_RUN = timedelta(days=1)
"""An object that was made later than this after a run began is not of that run, however late the next run looks."""
Slugs = frozenset[str]


@dataclass(frozen=True)
class Mark:
    """A run that began at `since` and was over at `until` (UTC, whole seconds) may have left something in some tenants.

    `slugs` is None where that is all of them, `until` where nobody knows yet when the run was over: it was killed.
    """

    since: datetime
    slugs: Slugs | None = None
    until: datetime | None = None

    def concerns(self, slug: str) -> bool:
        """Return whether it is about a tenant."""
        return self.slugs is None or slug in self.slugs


Marks = tuple[Mark, ...]


@dataclass(frozen=True)
class Record:
    """What a stack records about unfinished runs; where it is not `kept`, earlier marks may be lost."""

    marks: Marks
    kept: bool


def read_marks(project: Project) -> Marks:
    """Return the marks of the stack; raises CommandError."""
    return read_record(project).marks


def read_record(project: Project) -> Record:
    """Return what the stack records about unfinished runs; raises CommandError."""
    tags = read_tags(project)
    if tags is None:  # Pulumi (3.259) succeeds where a bucket does not return them, and says why only in its log
        raise CommandError(UNREADABLE.format(stack=project.stack))
    return Record(parse_marks(tags.get(TAG, "")), KEPT in tags)


def keep_record(project: Project) -> None:
    """Record in the stack that its marks are kept from now on; raises CommandError."""
    set_tag(project, KEPT, "yes")


def write_marks(project: Project, before: Marks, after: Marks) -> None:
    """Set the marks of the stack to `after`, where they differ; raises CommandError."""
    if after and after != before:
        set_tag(project, TAG, format_marks(after))
    elif before and not after:
        set_tag(project, TAG, None)


def is_marked(marks: Marks, slug: str) -> bool:
    """Return whether something may have been left in a tenant."""
    return any(mark.concerns(slug) for mark in marks)


def is_about_all(marks: Marks) -> bool:
    """Return whether a mark is about all tenants, once a tag holds them: then the next `tenantry up` refreshes.

    The mark of a run that was killed is, unless the run was for a few tenants. That of failures names theirs.
    """
    return any(mark.slugs is None for mark in parse_marks(format_marks(marks)))


def run_of(marks: Marks, slug: str, created: datetime, allowance: timedelta) -> datetime | None:
    """Return when the run began that may have made an object of a tenant; None if no marked run can have made it."""
    for mark in marks:
        until = min(mark.until or created, mark.since + LONGEST_RUN)
        if mark.concerns(slug) and mark.since - allowance <= created <= until + allowance:
            return mark.since
    return None


def format_marks(marks: Marks) -> str:
    """Return marks as the value of a tag; where that is too long, with one mark for all tenants that they name.

    Only where that is too long as well, one mark for the whole stack: it may span days in which one tenant failed, and
    what somebody made there meanwhile must not be taken for ours.
    """
    if not marks:
        return ""
    values = (" ".join(map(_write_mark, candidates)) for candidates in (marks, _merge_marks(marks)))
    return next((value for value in values if len(value) <= LONGEST), _write_mark(replace(_span(marks), slugs=None)))


def parse_marks(value: str) -> Marks:
    """Return the marks in a value of the tag; raises CommandError where it is not ours."""
    try:
        return tuple(map(_mark, value.split()))
    except ValueError:
        raise CommandError(
            f"The stack's tag {TAG} says '{value}', which no `tenantry up` wrote; nothing was begun. Remove it "
            f"with `pulumi stack tag rm {TAG}`."
        ) from None


def _merge_marks(marks: Marks) -> Marks:
    named = tuple(mark for mark in marks if mark.slugs is not None)
    return (*(mark for mark in marks if mark.slugs is None), *((_span(named),) if named else ()))


def _span(marks: Marks) -> Mark:
    """Return one mark for the time and the tenants of several."""
    ends = [mark.until for mark in marks if mark.until]
    until = max(ends) if len(ends) == len(marks) else None
    return Mark(min(mark.since for mark in marks), frozenset().union(*(mark.slugs or () for mark in marks)), until)


def _write_mark(mark: Mark) -> str:
    until = f"/{mark.until.isoformat()}" if mark.until else ""
    slugs = f"={','.join(sorted(mark.slugs))}" if mark.slugs is not None else ""
    return f"{mark.since.isoformat()}{until}{slugs}"


def _mark(text: str) -> Mark:
    when, named, slugs = text.partition("=")
    since, ends, until = when.partition("/")
    return Mark(
        _read_moment(since), frozenset(slugs.split(",")) if named else None, _read_moment(until) if ends else None
    )


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment
