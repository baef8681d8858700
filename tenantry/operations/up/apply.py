"""Applying one pass of an `up`: the stack is marked, the engine runs, orphans are deleted, the mark is taken away."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.run import command
from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.run.ending import UNWRITTEN
from tenantry.engine.run.safety import may_skip_checkpoints
from tenantry.engine.run.shown import allow, find_unshown
from tenantry.engine.state.deployment import read_state
from tenantry.engine.state.recovery import UNFINISHED_VARIABLE
from tenantry.engine.state.unfinished import Marks, format_marks, is_about_all, keep_record, read_marks, write_marks
from tenantry.operations.errors import StoppedError
from tenantry.operations.listener import Listener
from tenantry.operations.recovery.delete_orphans import delete_after_run, find_unsettled
from tenantry.operations.recovery.marks import begin_run, end_run
from tenantry.operations.recovery.pending import forget_pending
from tenantry.operations.recovery.second_accounts import find_second_accounts
from tenantry.operations.stack.run import LOCKED, CountedRun, run_counted, stop_on_errors
from tenantry.operations.up.closing import refuse_to_close
from tenantry.operations.up.outcome import Pass
from tenantry.operations.up.plan import PassPlan, Request, digest_current_inputs
from tenantry.text.some import first_of
from tenantry.twilio.errors import TwilioError

NAMED = 10
KILLED = (
    "Pulumi ended with exit code {} and did not report or record all that it did. What it had begun may be in Twilio "
    "and not in the state: run again, and objects that no manifest names are deleted."
)
OVERTAKEN = (
    "Another `tenantry up` of stack {} began, or ended with failures, since this was planned. Nothing was begun. Run "
    "again; it makes a new plan."
)
NO_ROOM = "The operations that the preview showed could not be written for the run: {}. Nothing was begun."
NOT_LOOKED = (
    "An earlier run was killed, and whether Twilio has made a second account for it could not be looked for: {} "
    "`tenantry drift` looks for it."
)
CHANGED = "Changed since this was planned: {}. Nothing was begun. Run again, which shows what would be done now."
UNSHOWN = (
    "The run did what its preview had not shown: {}. Something changed after the last comparison, in a resource of "
    "another provider than ours, which we can't stop. Look at it, and run again."
)
STILL_MARKED = "The stack is still marked as unfinished, so that the next run looks: {}"


def apply_plan(request: Request, plan: PassPlan, listener: Listener) -> Pass:
    """Do what was planned. Raises StoppedError where the engine did not begin."""
    project = request.project
    with stop_on_errors(project):
        clocks = request.compare_clocks()
        refuse_to_close(project, clocks.ahead)
        plan = replace(plan, asking=plan.asking.then(clocks.traffic))
        ahead = clocks.ahead or timedelta()  # marks are compared with dates of Twilio's, so they are of its clock
        began = request.clock() + ahead
        during = begin_run(plan.marks, began, plan.focus)
        _refuse_changes(request, plan)
        _allow_shown(request, plan)
        if not plan.record.kept:
            keep_record(project)
        write_marks(project, plan.marks, during)
        run = _run_marked(request, plan, during, listener)
    if not _is_complete(run):
        events = (*run.events, _make_error(KILLED.format(run.exit_code)))
        return replace(_as_pass(plan, run, events), is_cut_off=True)
    applied = _fail_unshown(plan, run, _as_pass(plan, run, _forget_pending(project, plan, run)))
    if not run.interrupted:
        failed = _find_failed_tenants(plan, applied)
        applied = replace(applied, leftovers=delete_after_run(project, plan.session, plan.search, failed))
        applied = _fail_second_accounts(request, plan, applied)
    applied = _update_marks(project, applied, during, _compute_marks(plan, applied, began, request.clock() + ahead))
    return replace(applied, events=(*plan.left_out, *applied.events))


def _forget_pending(project: Project, plan: PassPlan, run: CountedRun) -> tuple[Event, ...]:
    return forget_pending(project, run, may_be_silent=plan.refresh and bool(plan.marks))


def _refuse_changes(request: Request, plan: PassPlan) -> None:
    """Raise StoppedError where another run has begun, or anything that the plan was made from has changed."""
    if read_marks(request.project) != plan.marks:
        raise StoppedError(OVERTAKEN.format(request.project.stack))
    if changed := plan.inputs.changes_to(digest_current_inputs(request, export_state(request.project))):
        raise StoppedError(CHANGED.format("; ".join(changed)))


def _allow_shown(request: Request, plan: PassPlan) -> None:
    try:
        allow(request.shown, plan.previewed.events)
    except OSError as error:
        raise StoppedError(NO_ROOM.format(error.strerror)) from error


def _run_marked(request: Request, plan: PassPlan, during: Marks, listener: Listener) -> CountedRun:
    """Return the run; where another one holds the lock, its mark is put back, for it is not over."""
    try:
        return _run(request, plan, during, listener)
    except CommandError as error:
        if LOCKED in str(error):
            write_marks(request.project, during, plan.marks)
        raise


def _run(request: Request, plan: PassPlan, during: Marks, listener: Listener) -> CountedRun:
    options = {
        "refresh": plan.refresh,
        "policy_packs": request.policies.for_engine,
        "skip_checkpoints": may_skip_checkpoints(plan.plan, refreshes_next=is_about_all(during)),
    }
    environ = {**request.project.environ, UNFINISHED_VARIABLE: format_marks(plan.marks)}
    with listener.follow("up", plan.plan) as follower:
        return run_counted(command.up, replace(request.project, environ=environ), plan.focus, follower, **options)


def _is_complete(run: CountedRun) -> bool:
    """Return whether the engine came to the end of its run, and wrote the state: failures and Ctrl-C are ends."""
    is_unwritten = any(isinstance(event, Diagnostic) and UNWRITTEN in event.message for event in run.events)
    return run.is_whole and run.exit_code >= 0 and not is_unwritten


def _fail_unshown(plan: PassPlan, run: CountedRun, applied: Pass) -> Pass:
    """Fail a run that did what its preview had not shown, which our own plugin refuses."""
    names = find_unshown(plan.previewed.events, run.events)
    if not names:
        return applied
    error = _make_error(UNSHOWN.format(first_of(names, NAMED)))
    return replace(applied, events=(*applied.events, error), exit_code=1)


def _fail_second_accounts(request: Request, plan: PassPlan, applied: Pass) -> Pass:
    """Fail a run after which Twilio has two accounts of a tenant, because an earlier one was killed."""
    if plan.session is None:
        return applied
    slugs = request.opened.loaded.tenants if plan.focus is None else plan.focus
    try:
        state = read_state(export_state(request.project))
        sentences = list(find_second_accounts(plan.session.subaccounts.all(), state, plan.marks, slugs))
    except (CommandError, TwilioError) as error:
        sentences = [NOT_LOOKED.format(error)]
    events = (*applied.events, *map(_make_error, sentences))
    return replace(applied, events=events, exit_code=1 if sentences else applied.exit_code)


def _compute_marks(plan: PassPlan, applied: Pass, began: datetime, now: datetime) -> Marks:
    """Return the marks after the run; where it was interrupted, no orphans were deleted."""
    failed = _find_failed_tenants(plan, applied)
    unsettled = find_unsettled(plan.search, applied.leftovers, failed)
    if applied.interrupted:
        unsettled |= {orphan.tenant for orphan in (*plan.search.orphans, *plan.search.awaited)}
    return end_run(plan.marks, began, now, plan.focus, failed=failed, unsettled=unsettled)


def _find_failed_tenants(plan: PassPlan, applied: Pass) -> frozenset[str]:
    """Return the tenants that failed; where the stack itself did, those too that should have taken something over."""
    slugs = {failure.slug for failure in applied.applied.failed}
    is_whole = bool(applied.exit_code) and (not slugs or None in slugs)
    untried = {orphan.tenant for orphan in plan.search.awaited} if is_whole else set()
    return frozenset(slug for slug in slugs if slug is not None) | untried


def _update_marks(project: Project, applied: Pass, before: Marks, after: Marks) -> Pass:
    """Write the marks; where that fails, they stay, which costs the next run a look."""
    try:
        write_marks(project, before, after)
    except CommandError as error:
        warning = Diagnostic("warning", "", STILL_MARKED.format(error))
        return replace(applied, events=(*applied.events, warning))
    return applied


def _as_pass(plan: PassPlan, run: CountedRun, events: Iterable[Event]) -> Pass:
    traffic = plan.traffic.then(run.traffic)
    return Pass(plan.plan, tuple(events), run.exit_code, run.interrupted, traffic=traffic)


def _make_error(message: str) -> Diagnostic:
    return Diagnostic("error", "", message)
