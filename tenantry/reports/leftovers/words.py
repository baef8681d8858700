"""Leftovers in words."""

from collections.abc import Iterator, Mapping
from typing import Final

from tenantry.model.resources import Kind
from tenantry.reports.leftovers.values import EndedLeftover, Leftover
from tenantry.reports.plain import plain

HEADING: Final = "Left over by a run that did not end well, and in no manifest"
KINDS: Final[Mapping[Kind, str]] = {
    "api_key": "API key",
    "usage_trigger": "usage trigger",
    "event_sink": "event sink",
    "event_subscription": "event subscription",
}


def doomed_line(left: Leftover) -> str:
    """Return what will be deleted: `acme: API key sender#1 (SK…), made since the run of 2026-11-22 17:40 UTC`."""
    return f"{_object(left)}, made since the run of {left.run:%Y-%m-%d %H:%M} UTC: will be deleted"


def ended_lines(left: EndedLeftover) -> Iterator[str]:
    """Yield what became of a leftover, and why it is not deleted."""
    yield f"{_object(left)}: {'not deleted' if left.result == 'failed' else left.result}"
    if left.reason:
        yield f"    {plain(left.reason)}"


def _object(left: Leftover) -> str:
    return plain(f"{left.tenant}: {KINDS[left.kind]} {left.name} ({left.sid})")
