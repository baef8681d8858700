"""What Pulumi keeps of the creates of a killed run: it warns of them in each run from then on, and never forgets them.

Its advice is to look in the Console; our creates have looked in Twilio by then. Those of a project's own resources have
not looked anywhere: as long as there is one, the warning stays and nothing is cleared. Clearing rewrites the state and
reads one resource again, the fleet, which asks Twilio nothing (CLI 3.259; `pulumi stack import` would clear them too,
but also undo what another run has written meanwhile).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.run.command import Project, run_plain
from tenantry.model.kinds import BY_TOKEN

_WORDS = "pending operations from previous deployment"
_CHEAPEST = "**::fleet"
_PROVIDERS = "pulumi:providers:"


def is_pending_warning(event: Event) -> bool:
    """Return whether an event is the warning."""
    return isinstance(event, Diagnostic) and event.severity == "warning" and _WORDS in event.message


def has_pending(events: Iterable[Event]) -> bool:
    """Return whether a run was warned."""
    return any(map(is_pending_warning, events))


def are_all_ours(exported: Mapping[str, Any]) -> bool:
    """Return whether all pending creates of `pulumi stack export` are ours, or exist only in the state."""
    deployment = exported.get("deployment") or {}
    pending = (
        operation["resource"]
        for operation in deployment.get("pending_operations") or ()
        if operation["type"] == "creating"
    )
    return all(_is_ours(resource) for resource in pending)


def clear_pending(project: Project) -> None:
    """Make the state forget the creates that a killed run did not finish; raises CommandError."""
    options = ("--clear-pending-creates", "--yes", "--skip-preview", "--target", _CHEAPEST)
    run_plain(project, "refresh", *options, "--stack", project.stack)


def _is_ours(resource: Mapping[str, Any]) -> bool:
    """Return whether we have looked for what a create made: components and providers exist only in the state."""
    type_ = resource["type"]
    return type_ in BY_TOKEN or type_.startswith(_PROVIDERS) or not resource.get("custom")
