"""Whether the program of a project registered every tenant: it may exit with 0 before that.

The engine then takes the resources it was asked for as the whole stack (`os._exit(0)`, `sys.exit()`; CLI 3.259).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tenantry.engine.events.event import Diagnostic, Event, ResourcePre
from tenantry.engine.events.urn import COMPONENT
from tenantry.text.some import first_of

TOO_EARLY = (
    "The program of this project ended (exit code 0) before it registered everything in the manifests: "
    "{} not registered. Nothing was changed. Let the program register every tenant of its run before it ends."
)
_MOST_NAMED = 5
_ASKED_FOR = ("same", "create", "update")


def end_too_early(events: Iterable[Event], slugs: Collection[str]) -> Diagnostic | None:
    """Return an error if a run without failures did not register the component of each of these tenants."""
    pre = (event for event in events if isinstance(event, ResourcePre))
    asked = {event.name for event in pre if event.type == COMPONENT and event.op in _ASKED_FOR}
    missing = sorted(set(slugs) - asked)
    if not missing:
        return None
    named = first_of(missing, _MOST_NAMED)
    return Diagnostic("error", "", TOO_EARLY.format(f"{named} {'is' if len(missing) == 1 else 'are'}"))
