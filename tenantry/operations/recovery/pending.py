"""What Pulumi keeps of the creates of a killed run: it warns of them in each later run, and never forgets them.

Its advice is to look in the Console; our creates have looked in Twilio by then. Those of a project's own resources have
not looked anywhere: as long as there is one, the warning stays and nothing is cleared. Clearing rewrites the state and
reads one resource again, the fleet, which asks Twilio nothing (CLI 3.259; `pulumi stack import` would clear them too,
but also undo what another run has written meanwhile).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.run.command import CommandError, Project, Run, export_state, run_plain
from tenantry.model.kinds import BY_TOKEN

_WORDS = "pending operations from previous deployment"
_CHEAPEST = "**::fleet"
_PROVIDERS = "pulumi:providers:"
STILL_PENDING = "The state still lists creates that were killed: {}"


def forget_pending(project: Project, run: Run, *, may_be_silent: bool) -> tuple[Event, ...]:
    """Return the events of a run without the warning, once the state has forgotten the creates.

    It stays as it is where a create was not ours: what that made is for the project's people to look for. A run that
    refreshes keeps such creates and does not warn: `may_be_silent` says that the state is to be asked.
    """
    if run.exit_code or run.interrupted or not (may_be_silent or has_pending(run.events)):
        return run.events
    try:
        exported = export_state(project)
        if not list_pending(exported) or not are_all_ours(exported):
            return run.events
        clear_pending(project)
    except CommandError as error:
        return (*run.events, Diagnostic("warning", "", STILL_PENDING.format(error)))
    return tuple(event for event in run.events if not is_pending_warning(event))


def is_pending_warning(event: Event) -> bool:
    """Return whether an event is the warning."""
    return isinstance(event, Diagnostic) and event.severity == "warning" and _WORDS in event.message


def has_pending(events: Iterable[Event]) -> bool:
    """Return whether a run was warned."""
    return any(map(is_pending_warning, events))


def are_all_ours(exported: Mapping[str, Any]) -> bool:
    """Return whether all creates in what `pulumi stack export` prints are ours, or of what is in the state alone."""
    return all(map(_is_ours, list_pending(exported)))


def list_pending(exported: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the resources whose creates a killed run did not finish, from what `pulumi stack export` prints."""
    deployment = exported.get("deployment") or {}
    operations = deployment.get("pending_operations") or ()
    return [operation["resource"] for operation in operations if operation["type"] == "creating"]


def clear_pending(project: Project) -> None:
    """Make the state forget the creates that a killed run did not finish; raises CommandError."""
    options = ("--clear-pending-creates", "--yes", "--skip-preview", "--target", _CHEAPEST)
    run_plain(project, "refresh", *options, "--stack", project.stack)


def _is_ours(resource: Mapping[str, Any]) -> bool:
    """Return whether a create made only what we look for: components and providers are in the state alone."""
    type_ = resource["type"]
    return type_ in BY_TOKEN or type_.startswith(_PROVIDERS) or not resource.get("custom")
