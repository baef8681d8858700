"""Whether the program of a project came to its end: it may exit with 0 before it has asked for every tenant.

The engine takes what it was asked for by then for all that there should be (`os._exit(0)`, `sys.exit()`; CLI 3.259).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tenantry.engine.events.event import Diagnostic, Event, ResourcePre
from tenantry.engine.events.plan import COMPONENT

TOO_EARLY = (
    "The program of this project ended by itself (exit code 0), before it had asked for all that the manifests say: "
    "{} not registered. Nothing was begun; let the program register every tenant of its run, and end no earlier."
)
_MOST_NAMED = 5
_ASKED_FOR = ("same", "create", "update")


def end_too_early(events: Iterable[Event], slugs: Collection[str]) -> Diagnostic | None:
    """Return an error if a run, which failed in nothing, was not asked for the component of each of these tenants."""
    pre = (event for event in events if isinstance(event, ResourcePre))
    asked = {event.name for event in pre if event.type == COMPONENT and event.op in _ASKED_FOR}
    lacking = sorted(set(slugs) - asked)
    if not lacking:
        return None
    more = len(lacking) - _MOST_NAMED
    named = ", ".join(lacking[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return Diagnostic("error", "", TOO_EARLY.format(f"{named} {'is' if len(lacking) == 1 else 'are'}"))
