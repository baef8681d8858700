"""Previewing for a command: where a refresh can't read some tenants, it is done again for the others."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tenantry.cli.focus import Focus
from tenantry.cli.progress import progress
from tenantry.cli.run import Ran, counted
from tenantry.cli.stack import Opened
from tenantry.engine.events.applied import is_about_resource
from tenantry.engine.events.asked_for import end_too_early
from tenantry.engine.events.event import Diagnostic, Event, ResourcePre, name_of
from tenantry.engine.events.plan import slug_of
from tenantry.engine.run import command
from tenantry.engine.run.focus import fits
from tenantry.operations.up.messages import sentence_of
from tenantry.twilio.http.traffic import Traffic

READ = "refresh"
MOST_PREVIEWS = 5
"""The engine may tell of one tenant at a time; who has more to leave out has another trouble than some tenants."""


@dataclass(frozen=True)
class Previewed:
    """A preview, the tenants that it is about, and why some could not be read, which are not among them."""

    ran: Ran
    focus: Focus
    unread: tuple[Diagnostic, ...] = ()


def previewed(opened: Opened, focus: Focus, *, refresh: bool, packs: tuple[Path, ...]) -> Previewed:
    """Preview, without the tenants that Twilio does not let us read; raises CommandError.

    Without a refresh nothing is read, so every error is one of the manifests or of the stack, and stops all.
    """
    unread: tuple[Diagnostic, ...] = ()
    traffic = Traffic()
    for left in reversed(range(MOST_PREVIEWS)):
        with progress("preview") as listener:
            ran = counted(command.preview, opened.project, focus, listener, refresh=refresh, policy_packs=packs)
        traffic = traffic.then(ran.traffic)
        found = tuple(_unread(ran.events)) if refresh and left and not ran.interrupted else ()
        others = frozenset(opened.loaded.tenants if focus is None else focus) - {_slug(one) for one in found}
        if not found or not others or not fits(others):
            break
        focus, unread = others, (*unread, *found)
    wanted = opened.loaded.tenants if focus is None else focus
    return Previewed(_held_to_its_end(replace(ran, traffic=traffic), wanted), focus, unread)


def _held_to_its_end(ran: Ran, slugs: Collection[str]) -> Ran:
    """Return a preview, as one that failed where its program ended with 0 before it had asked for every tenant."""
    if ran.exit_code or ran.interrupted or ran.is_partial:
        return ran
    error = end_too_early(ran.events, slugs)
    return replace(ran, exit_code=1, events=(*ran.events, error), is_partial=True) if error else ran


def _unread(events: tuple[Event, ...]) -> Iterator[Diagnostic]:
    """Yield why tenants could not be read; nothing where anything else is wrong, too.

    The engine (CLI 3.259) tells of a failed read by its message alone, and then plans no step.
    """
    errors = [event for event in events if isinstance(event, Diagnostic) and event.severity == "error"]
    told = [error for error in errors if sentence_of(error)]
    has_planned = any(isinstance(event, ResourcePre) and event.op != READ for event in events)
    if not has_planned and all(is_about_resource(error) and _slug(error) for error in told):
        yield from told


def _slug(error: Diagnostic) -> str | None:
    return slug_of(error.urn, name_of(error.urn))
