"""The marks of a stack around a run: set before it applies, and taken away after it where nothing may be left.

A mark stays where the run was killed or its state could not be written, where a tenant failed (what it was making may
be there), and where orphans could not be seen or deleted; then the next run looks. How marks are kept and read is
tenantry/engine/state/unfinished.py.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tenantry.engine.state.unfinished import Mark, Marks, Slugs


def begin_run(marks: Marks, now: datetime, slugs: Slugs | None) -> Marks:
    """Return the marks when a run for these tenants begins: earlier runs are over, and it has a mark of its own."""
    return _simplify((*close_runs(marks, now), Mark(_cut_to_seconds(now), slugs)))


def close_runs(marks: Marks, now: datetime) -> Marks:
    """Return the marks with an end for every earlier run: another run begins now."""
    return tuple(mark if mark.until else replace(mark, until=_cut_to_seconds(now)) for mark in marks)


def settle_tenants(marks: Marks, focus: Slugs | None, unsettled: Slugs) -> Marks:
    """Return what remains of the marks when the tenants of a run were looked at, but for those that are `unsettled`.

    A mark for all tenants is not taken away by a run for some.
    """
    kept = (replace(mark, slugs=_find_remaining(mark.slugs, focus, unsettled)) for mark in marks)
    return _simplify(mark for mark in kept if mark.slugs is None or mark.slugs)


def end_run(
    marks: Marks, began: datetime, now: datetime, focus: Slugs | None, *, failed: Slugs, unsettled: Slugs
) -> Marks:
    """Return the marks after a run that ends now, from those before it.

    Tenants that `failed` may have new orphans. Tenants that are `unsettled` may have orphans of earlier runs, which
    could not be seen or deleted, or still wait to be taken over.
    """
    settled = settle_tenants(close_runs(marks, began), focus, unsettled)
    return _simplify((*settled, Mark(_cut_to_seconds(began), failed, _cut_to_seconds(now)))) if failed else settled


def _simplify(marks: Iterable[Mark]) -> Marks:
    """Return marks sorted by time, those of the same run as one."""
    runs: dict[tuple[datetime, datetime | None], Slugs | None] = {}
    for mark in sorted(marks, key=lambda mark: mark.since):
        run = (mark.since, mark.until)
        before = runs.get(run, frozenset())
        runs[run] = None if before is None or mark.slugs is None else before | mark.slugs
    return tuple(Mark(since, slugs, until) for (since, until), slugs in runs.items())


def _find_remaining(slugs: Slugs | None, focus: Slugs | None, unsettled: Slugs) -> Slugs | None:
    if slugs is None:
        return unsettled if focus is None else None
    return slugs & unsettled if focus is None else (slugs - focus) | (slugs & unsettled)


def _cut_to_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
