"""Leftovers in words."""

from collections.abc import Iterator
from typing import Final

from tenantry.model.kinds import KINDS
from tenantry.operations.up.find_orphans import Looked
from tenantry.operations.up.orphan import EndedLeftover, Leftover
from tenantry.reports.changes.lines import some
from tenantry.text.plain import plain

HEADING: Final = "Left over by a run that did not end well, and in no manifest"


def looked_lines(looked: Looked) -> Iterator[str]:
    """Yield what will be deleted: `acme: API key sender#1 (SK…), made since the run of 2026-11-22 17:40 UTC: …`."""
    if not looked.leftovers:
        yield "An earlier run did not end well: nothing was found that it left over."
    for left in looked.leftovers:
        yield f"{_object(left)}, made since the run of {left.run:%Y-%m-%d %H:%M} UTC: will be deleted"
    if looked.unseen:
        yield f"Not looked at, because the account is not active or can't be read: {some(sorted(looked.unseen))}."


def ended_lines(left: EndedLeftover) -> Iterator[str]:
    """Yield what became of a leftover, and why it is not deleted."""
    yield f"{_object(left)}: {'not deleted' if left.result == 'failed' else left.result}"
    if left.reason:
        yield f"    {plain(left.reason)}"


def _object(left: Leftover) -> str:
    return plain(f"{left.tenant}: {KINDS[left.kind].title} {left.name} ({left.sid})")
