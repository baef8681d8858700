"""What Pulumi keeps of the creates of a killed run: it warns of them in each run from then on, and never forgets them.

Its advice is to look in the Console; our creates have looked in Twilio by then. Clearing them rewrites the state and
reads one resource again, the fleet, which asks Twilio nothing (CLI 3.259; `pulumi stack import` would clear them too,
but also undo what another run has written meanwhile).
"""

from __future__ import annotations

from collections.abc import Iterable

from tenantry.engine.command import Project, run_plain
from tenantry.engine.events import Diagnostic, Event

_WORDS = "pending operations from previous deployment"
_CHEAPEST = "**::fleet"


def is_pending_warning(event: Event) -> bool:
    """Say whether an event is the warning."""
    return isinstance(event, Diagnostic) and event.severity == "warning" and _WORDS in event.message


def has_pending(events: Iterable[Event]) -> bool:
    """Say whether a run was warned."""
    return any(map(is_pending_warning, events))


def clear_pending(project: Project) -> None:
    """Make the state forget the creates that a killed run did not finish; raises CommandError."""
    options = ("--clear-pending-creates", "--yes", "--skip-preview", "--target", _CHEAPEST)
    run_plain(project, "refresh", *options, "--stack", project.stack)
