"""Orphans in words."""

from collections.abc import Iterator
from typing import Final

from tenantry.model.kinds import KINDS
from tenantry.operations.recovery.orphans import EndedLeftover, Orphan, OrphanSearch
from tenantry.reports.changes.lines import some
from tenantry.text.plain import plain

HEADING: Final = "Left over by a run that did not end well, and in no manifest"


def search_lines(search: OrphanSearch) -> Iterator[str]:
    """Yield what will be deleted: `acme: API key sender#1 (SK…), made since the run of 2026-11-22 17:40 UTC: …`."""
    if not search.orphans:
        yield "An earlier run did not end well: nothing was found that it left over."
    for orphan in search.orphans:
        yield f"{_object(orphan)}, made since the run of {orphan.run:%Y-%m-%d %H:%M} UTC: will be deleted"
    if search.unseen:
        yield f"Not looked at, because the account is not active or can't be read: {some(sorted(search.unseen))}."


def ended_lines(orphan: EndedLeftover) -> Iterator[str]:
    """Yield what became of an orphan, and why it is not deleted."""
    yield f"{_object(orphan)}: {'not deleted' if orphan.result == 'failed' else orphan.result}"
    if orphan.reason:
        yield f"    {plain(orphan.reason)}"


def _object(orphan: Orphan) -> str:
    return plain(f"{orphan.tenant}: {KINDS[orphan.kind].title} {orphan.name} ({orphan.sid})")
