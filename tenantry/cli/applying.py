"""Applying one pass of an `up`: the stack is marked, the engine runs, leftovers are deleted, the mark is taken away.

The mark stays where the run was killed or its state could not be written, where a tenant failed (what it was making may
be there), and where leftovers could not be seen or deleted; then the next run looks.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tenantry.cli.planning import Asked, Planned, StoppedError, current_inputs, stopping
from tenantry.cli.progress import progress, steps_of
from tenantry.cli.run import LOCKED, Ran, counted
from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.run import command
from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.run.ending import UNWRITTEN
from tenantry.engine.run.focus import CLOSING_VARIABLE
from tenantry.engine.run.safety import may_skip_checkpoints
from tenantry.engine.run.shown import allow, unshown
from tenantry.engine.state.deployment import held_ids, read_state
from tenantry.engine.state.pending import are_all_ours, clear_pending, has_pending, is_pending_warning
from tenantry.engine.state.recovery import UNFINISHED_VARIABLE
from tenantry.engine.state.unfinished import (
    ALLOWANCE,
    Marks,
    ended,
    keep_record,
    marked,
    read_marks,
    write_marks,
    written,
)
from tenantry.operations.up.delete_orphans import delete_leftovers, unsettled
from tenantry.operations.up.orphan import EndedLeftover
from tenantry.operations.up.second_accounts import second_accounts
from tenantry.reports.changes.lines import some
from tenantry.reports.outcome.gather import Pass
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.twilio_clock import clock_difference

KILLED = (
    "Pulumi ended with exit code {} and did not tell or record all that it did. What it had begun may be in Twilio and "
    "not in the state: run again, and what nobody wants of it is deleted."
)
OVERTAKEN = (
    "Another `tenantry up` of stack {} began, or ended with failures, since this was planned. Nothing was begun. Run "
    "again, which plans anew."
)

NO_ROOM = "What the preview showed could not be written for the run to hold to: {}. Nothing was begun."
NOT_LOOKED = (
    "An earlier run was killed, and whether Twilio has made a second account for it could not be looked for: {} "
    "`tenantry drift` looks for it."
)
CLOCKS = (
    "{}, so nobody knows whether the day has come on which {} may be closed, which can't be undone. Nothing was begun. "
    "Set the clock right, then run again."
)
CHANGED = "Changed since this was planned: {}. Nothing was begun. Run again, which shows what would be done now."
UNSHOWN = (
    "The run did what its preview had not shown: {}. Something changed after the last comparison, in a resource of "
    "another provider than ours, which can't be held. Look at it, and run again."
)


def applied(asked: Asked, planned: Planned) -> Pass:
    """Do what was planned. Raises StoppedError where the engine did not begin."""
    project = asked.project
    with stopping(project):
        clocks = asked.compare_clocks()
        _refuse_to_close(project, clocks.ahead)
        planned = replace(planned, asking=planned.asking.then(clocks.traffic))
        ahead = clocks.ahead or timedelta()  # marks are compared with dates of Twilio's, so they are of its clock
        began = asked.clock() + ahead
        during = marked(planned.marks, began, planned.focus)
        if read_marks(project) != planned.marks:
            raise StoppedError(OVERTAKEN.format(project.stack))
        if changed := planned.inputs.changes_to(current_inputs(asked, export_state(project))):
            raise StoppedError(CHANGED.format("; ".join(changed)))
        _allow(asked, planned)
        if not planned.record.kept:
            keep_record(project)
        write_marks(project, planned.marks, during)
        ran = _begun(asked, planned, during)
    if not _has_ended(ran):
        told = _pass(planned, ran, [*ran.events, _error(KILLED.format(ran.exit_code))])
        return replace(told, is_cut_off=True)
    done = _held_to_shown(planned, ran, _pass(planned, ran, _without_pending(project, ran)))
    if not ran.interrupted:
        done = replace(done, leftovers=_deleted(project, planned, _failed(planned, done)))
        done = _with_second_accounts(asked, planned, done)
    done = _noted(project, done, during, _marks(planned, done, began, asked.clock() + ahead))
    return replace(done, events=(*planned.left_out, *done.events))


def _allow(asked: Asked, planned: Planned) -> None:
    try:
        allow(asked.shown, planned.previewed.events)
    except OSError as error:
        raise StoppedError(NO_ROOM.format(error.strerror)) from error


def _refuse_to_close(project: Project, ahead: timedelta | None) -> None:
    """Raise StoppedError where accounts are to be closed and this machine's clock is not Twilio's."""
    closing = project.environ.get(CLOSING_VARIABLE)
    if closing and (differs := clock_difference(ahead, ALLOWANCE)) is not None:
        raise StoppedError(CLOCKS.format(f"{differs[0].upper()}{differs[1:]}", some(closing.split(","))))


def _held_to_shown(planned: Planned, ran: Ran, done: Pass) -> Pass:
    """Fail a run that did what its preview had not shown, which our own plugin refuses."""
    more = unshown(planned.previewed.events, ran.events)
    if not more:
        return done
    return replace(done, events=(*done.events, _error(UNSHOWN.format(some(more)))), exit_code=1)


def _begun(asked: Asked, planned: Planned, during: Marks) -> Ran:
    """Return the run; where another one holds the lock, its mark is put back, for it is not over."""
    try:
        return _run(asked, planned)
    except CommandError as error:
        if LOCKED in str(error):
            write_marks(asked.project, during, planned.marks)
        raise


def _run(asked: Asked, planned: Planned) -> Ran:
    with progress("up", steps_of(planned.plan)) as listener:
        skip = may_skip_checkpoints(planned.plan)
        options = {**asked.options, "skip_checkpoints": skip}
        told = {**asked.project.environ, UNFINISHED_VARIABLE: written(planned.marks)}
        return counted(command.up, replace(asked.project, environ=told), planned.focus, listener, **options)


def _has_ended(ran: Ran) -> bool:
    """Return whether the engine came to the end of its run, and wrote the state: failures and Ctrl-C are ends."""
    is_unwritten = any(isinstance(event, Diagnostic) and UNWRITTEN in event.message for event in ran.events)
    return ran.is_whole and ran.exit_code >= 0 and not is_unwritten


def _marks(planned: Planned, done: Pass, began: datetime, now: datetime) -> Marks:
    """Return the marks after the run; where it was interrupted, no leftovers were deleted."""
    looked, failed = planned.looked, _failed(planned, done)
    left = unsettled(looked, done.leftovers, failed)
    if done.interrupted:
        left |= {one.tenant for one in (*looked.leftovers, *looked.awaited)}
    return ended(planned.marks, began, now, planned.focus, failed=failed, unsettled=left)


def _failed(planned: Planned, done: Pass) -> frozenset[str]:
    """Return the tenants that failed; where the stack itself did, those too that should have taken something over."""
    slugs = {failure.slug for failure in done.applied.failed}
    is_whole = bool(done.exit_code) and (not slugs or None in slugs)
    untried = {left.tenant for left in planned.looked.awaited} if is_whole else set()
    return frozenset(slug for slug in slugs if slug is not None) | untried


def _deleted(project: Project, planned: Planned, failed: frozenset[str]) -> tuple[EndedLeftover, ...]:
    """Delete leftovers, less what the run has taken over."""
    looked = planned.looked
    if not (looked.leftovers or looked.awaited) or planned.session is None:
        return ()
    try:
        held = held_ids(export_state(project))
    except CommandError as error:
        reason = f"the state could not be read: {error}; run again"
        return tuple(EndedLeftover(**left.model_dump(), result="failed", reason=reason) for left in looked.leftovers)
    return tuple(delete_leftovers(planned.session, looked, held, failed))


def _with_second_accounts(asked: Asked, planned: Planned, done: Pass) -> Pass:
    """Fail a run after which Twilio has two accounts of a tenant, because an earlier one was killed."""
    if planned.session is None:
        return done
    slugs = asked.opened.loaded.tenants if planned.focus is None else planned.focus
    try:
        state = read_state(export_state(asked.project))
        told = list(second_accounts(planned.session.subaccounts.all(), state, planned.marks, slugs))
    except (CommandError, TwilioError) as error:
        told = [NOT_LOOKED.format(error)]
    return replace(done, events=(*done.events, *map(_error, told)), exit_code=1 if told else done.exit_code)


def _without_pending(project: Project, ran: Ran) -> Iterable[Event]:
    """Return the events without Pulumi's warning of creates that were killed, once the state has forgotten them.

    It is left as it is where a create was not ours: what that made is for the project's people to look for.
    """
    if ran.exit_code or ran.interrupted or not has_pending(ran.events):
        return ran.events
    try:
        if not are_all_ours(export_state(project)):
            return ran.events
        clear_pending(project)
    except CommandError as error:
        return [*ran.events, _warning(f"The state still tells of creates that were killed: {error}")]
    return [event for event in ran.events if not is_pending_warning(event)]


def _noted(project: Project, done: Pass, before: Marks, after: Marks) -> Pass:
    """Write the marks; where that fails, they stay, which costs the next run a look."""
    try:
        write_marks(project, before, after)
    except CommandError as error:
        told = _warning(f"The stack is still marked as unfinished, so that the next run looks: {error}")
        return replace(done, events=(*done.events, told))
    return done


def _pass(planned: Planned, ran: Ran, events: Iterable[Event]) -> Pass:
    traffic = planned.traffic.then(ran.traffic)
    return Pass(planned.plan, tuple(events), ran.exit_code, ran.interrupted, traffic=traffic)


def _error(message: str) -> Diagnostic:
    return Diagnostic("error", "", message)


def _warning(message: str) -> Diagnostic:
    return Diagnostic("warning", "", message)
