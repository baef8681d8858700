"""Resources that a focused run passes over, because a focus finds a tenant's resources only by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tenantry.engine.events.event import Event, ResourcePre
from tenantry.engine.events.urn import slug_of


def find_strays(events: Iterable[Event], slugs: Collection[str]) -> tuple[str, ...]:
    """Return the names of resources below a tenant's component that begin with no tenant's slug and a slash, sorted.

    A project's own resources may be named so. What is being deleted is passed over: its tenant may be gone.
    """
    kept = (event for event in events if isinstance(event, ResourcePre) and "delete" not in event.op)
    owners = {event.name: slug_of(event.urn, event.name) for event in kept}
    return tuple(sorted(name for name, slug in owners.items() if slug is not None and slug not in slugs))
