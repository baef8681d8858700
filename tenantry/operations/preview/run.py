"""Previewing a stack: where a refresh can't read some tenants, it is done again for the others."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from tenantry.engine.events.applied import is_about_resource
from tenantry.engine.events.asked_for import end_too_early
from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.events.plan import Plan, plan_of
from tenantry.engine.events.urn import name_of, slug_of
from tenantry.engine.run import command
from tenantry.engine.run.focus import fits
from tenantry.operations.changes.messages import is_of_check, sentence_of
from tenantry.operations.listener import Listener
from tenantry.operations.preview.early import EarlyPreview, Preview
from tenantry.operations.preview.rules import HiddenValueError, ask_rules
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.run import CountedRun, run_counted
from tenantry.twilio.http.traffic import Traffic

MOST_PREVIEWS = 5
"""The engine may name one tenant at a time; where more previews fail, the trouble is not that of some tenants."""


@dataclass(frozen=True)
class Previewed:
    """A preview, the tenants that it is about, and why some could not be read, which are not among them."""

    run: CountedRun
    focus: Focus
    unread: tuple[Diagnostic, ...] = ()

    @cached_property
    def plan(self) -> Plan:
        """The plan; of a preview that is partial its messages only, for a part is no plan."""
        plan = plan_of(self.run.events, self.focus)
        return replace(plan, steps=(), drift=(), waiting=(), counts={}) if self.run.is_partial else plan


def run_preview(
    opened: Opened,
    focus: Focus,
    listener: Listener,
    *,
    refresh: bool,
    policies: Policies,
    today: date,
    early: EarlyPreview | None = None,
) -> Previewed:
    """Preview and ask the project's rules, without tenants that Twilio does not let us read; raises CommandError.

    One that was begun `early` is taken if it was asked the same.
    """
    preview = _run_readable(opened, focus, listener, refresh=refresh, packs=policies.for_engine, early=early)
    if not policies.are_own_ours:
        return preview
    try:
        return replace(preview, run=ask_rules(opened, preview.focus, preview.run, today))
    except HiddenValueError:
        return _run_readable(opened, focus, listener, refresh=refresh, packs=policies.packs)


def _run_readable(
    opened: Opened,
    focus: Focus,
    listener: Listener,
    *,
    refresh: bool,
    packs: tuple[Path, ...],
    early: EarlyPreview | None = None,
) -> Previewed:
    """Preview, without the tenants that Twilio does not let us read.

    What would be deleted the program does not register, so it was not read, and may be gone: then all is read first.
    """
    preview = _run_readable_once(opened, focus, listener, refresh=refresh, packs=packs, early=early)
    if not refresh or not preview.plan.deletes:
        return preview
    again = _run_readable_once(opened, preview.focus, listener, refresh=True, packs=packs, reads_first=True)
    traffic = preview.run.traffic.then(again.run.traffic)
    return replace(again, run=replace(again.run, traffic=traffic), unread=(*preview.unread, *again.unread))


def _run_readable_once(
    opened: Opened,
    focus: Focus,
    listener: Listener,
    *,
    refresh: bool,
    packs: tuple[Path, ...],
    early: EarlyPreview | None = None,
    reads_first: bool = False,
) -> Previewed:
    """Preview, again for the other tenants where Twilio does not let us read some.

    Without a refresh nothing is read, so every error is one of the manifests or of the stack, and stops all.
    """
    options = {"refresh": refresh, "reads_first": reads_first, "policy_packs": packs}
    unread: tuple[Diagnostic, ...] = ()
    traffic = Traffic()
    for tries_after in reversed(range(MOST_PREVIEWS)):
        with listener.follow("preview") as follower:
            if early is not None and not refresh and early.preview == Preview(opened.project, focus, packs):
                run = early.finish(follower)
            else:
                run = run_counted(command.preview, opened.project, focus, follower, **options)
        traffic = traffic.then(run.traffic)
        found = tuple(find_unread(run.events)) if refresh and tries_after and not run.interrupted else ()
        readable = frozenset(opened.loaded.managed if focus is None else focus) - {_slug_of(error) for error in found}
        if not found or not readable or not fits(readable):
            break
        focus, unread = readable, (*unread, *found)
    wanted = opened.loaded.managed.keys() & (opened.loaded.tenants.keys() if focus is None else focus)
    return Previewed(_check_end(replace(run, traffic=traffic), wanted), focus, unread)


def _check_end(run: CountedRun, slugs: Collection[str]) -> CountedRun:
    """Return a preview, as one that failed where its program ended with 0 before it had asked for every tenant."""
    if run.exit_code or run.interrupted or run.is_partial:
        return run
    error = end_too_early(run.events, slugs)
    return replace(run, exit_code=1, events=(*run.events, error), is_partial=True) if error else run


def find_unread(events: tuple[Event, ...]) -> Iterator[Diagnostic]:
    """Yield why tenants could not be read; nothing where anything else is wrong, too.

    The engine (CLI 3.259) reports a failed read by its message alone. Beside reads a preview has only checks that fail.
    """
    diagnostics = [event for event in events if isinstance(event, Diagnostic) and event.severity == "error"]
    errors = [error for error in diagnostics if sentence_of(error)]
    if all(is_about_resource(error) and _slug_of(error) and not is_of_check(error) for error in errors):
        yield from errors


def _slug_of(error: Diagnostic) -> str | None:
    return slug_of(error.urn, name_of(error.urn))
