"""The story of an `up`: plan, show, ask, apply, once more for accounts that it made active, and deliver secrets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan, plan_of
from tenantry.engine.run.focus import fits
from tenantry.model.kinds import BY_TOKEN
from tenantry.operations.caps.after_up import StandingOutcome, write_kept_before_up, write_standing_after_up
from tenantry.operations.errors import InterruptedPreviewError, StoppedError
from tenantry.operations.listener import Listener
from tenantry.operations.rotation.notices import RetiredKey, queue_key_notices
from tenantry.operations.rotation.retirement import KeptKey, keep_unproven
from tenantry.operations.rotation.story import deliver_after_up
from tenantry.operations.rotation.values import SecretsReport
from tenantry.operations.stack.focus import Focus
from tenantry.operations.up.apply import apply_plan
from tenantry.operations.up.closing import describe_unused
from tenantry.operations.up.outcome import Outcome, Pass, make_outcome
from tenantry.operations.up.plan import PassPlan, Request, lend_folder, plan_pass
from tenantry.text.some import first_of
from tenantry.twilio.http.traffic import Traffic

NAMED = 10
UNCHANGED = "Nothing was changed."
KEEPS = "Kept, though no manifest names them any more, because their successor is not proven: {}."
NOT_SEEN = "Made active, but what is in their accounts was not brought to what the manifests say: {}. {}"


class UpListener(Listener, Protocol):
    """Hears of an `up`, and says whether it may go on."""

    def show_messages(self, plan: Plan) -> None:
        """Show the errors, violated policies and warnings of a preview."""

    def say(self, sentence: str) -> None:
        """Show a sentence about what will be done."""

    def show_plan(self, plan: PassPlan) -> None:
        """Show what a pass would do."""

    def agree(self) -> bool:
        """Return whether what was shown may be done."""


@dataclass(frozen=True)
class Finished:
    """What an `up` did, and what it has cost."""

    outcome: Outcome
    traffic: Traffic


def run_up(request: Request, focus: Focus, listener: UpListener) -> Finished:
    """Make Twilio as the manifests of some tenants say; None is all tenants, and with an empty focus nothing is done.

    Raises StoppedError where nothing was begun, InterruptedPreviewError where the first preview was interrupted.
    """
    passes: tuple[Pass, ...] = ()
    kept: tuple[KeptKey, ...] = ()
    if focus is None or focus:
        guarded, kept = keep_unproven(request.opened, focus, request.clock)
        if kept:
            listener.say(KEEPS.format(first_of([f"{key.tenant}/{key.key}#{key.generation}" for key in kept], NAMED)))
        with lend_folder(guarded) as opened:
            passes = tuple(_run_passes(replace(request, opened=opened), focus, listener))
    secrets, failures = _deliver(request, focus, passes)
    failures = (*failures, *_write_standing(request, focus, passes))
    traffic = reduce(Traffic.then, (finished.traffic for finished in passes), Traffic())
    outcome = make_outcome((*passes, *failures), request.project.stack, about=request.about, secrets=secrets)
    if warning := queue_key_notices(request.opened, (), find_retired(passes)):
        listener.warn(warning)
    outcome = outcome.model_copy(update={"kept_keys": kept})
    return Finished(outcome, traffic)


def find_retired(passes: Iterable[Pass]) -> Iterator[RetiredKey]:
    """Yield the generations of keys that these passes deleted."""
    for step in (step for finished in passes for step in finished.applied.done):
        if BY_TOKEN.get(step.type) == "api_key" and step.op in ("delete", "finish") and step.slug is not None:
            key, _, generation = step.name.rpartition("/")[2].rpartition("-")
            yield RetiredKey(step.slug, key, int(generation))


def _deliver(request: Request, focus: Focus, passes: tuple[Pass, ...]) -> tuple[SecretsReport | None, tuple[Pass, ...]]:
    """Deliver the keys of the tenants, where a run came to its end; return what became of it, and what stopped it."""
    if not passes or any(finished.interrupted or finished.is_cut_off for finished in passes):
        return None, ()
    try:
        return deliver_after_up(request.opened, focus, request.clock), ()
    except StoppedError as error:
        return None, (Pass(plan_of(()), (Diagnostic("error", "", str(error)),), exit_code=1),)


def _write_standing(request: Request, focus: Focus, passes: tuple[Pass, ...]) -> Iterator[Pass]:
    """Write how tenants stand for the receiver, after every run; yield why that failed."""
    outcome = write_standing_after_up(request.opened, focus) if passes else StandingOutcome()
    if outcome.problem is not None:
        severity = "error" if outcome.is_failure else "warning"
        yield Pass(plan_of(()), (Diagnostic(severity, "", outcome.problem),), exit_code=int(outcome.is_failure))


def _run_passes(request: Request, focus: Focus, listener: UpListener) -> Iterator[Pass]:
    """Plan, show, ask and apply; yield what each pass did, an empty one where nothing was to do."""
    plan = plan_pass(request, focus, listener)
    _refuse(request, plan, listener)
    for sentence in describe_unused(request.opened):
        listener.say(sentence)
    listener.show_plan(plan)
    if plan.is_empty and not plan.refresh:
        yield Pass(plan.plan, plan.left_out, traffic=plan.traffic)
        return
    if not listener.agree():
        raise StoppedError(UNCHANGED)
    write_kept_before_up(request.opened)
    applied = apply_plan(request, plan, listener)
    yield applied
    yield from _apply_thawed(request, plan, applied, listener)


def _refuse(request: Request, plan: PassPlan, listener: UpListener) -> None:
    """Show the messages of a preview; raise where it was interrupted or may not be applied."""
    if plan.previewed.interrupted:
        raise InterruptedPreviewError
    listener.show_messages(plan.messages)
    if refusal := plan.refusal(request.limits):
        raise StoppedError(refusal)


def _apply_thawed(request: Request, first: PassPlan, applied: Pass, listener: UpListener) -> Iterator[Pass]:
    """Yield one more pass, for the tenants whose accounts were not active when the first one looked, and are now.

    The first pass has changed something already: what stops this one is reported, and raises nothing.
    """
    thawed = first.thawing & {step.name for step in applied.applied.done}
    if not (first.refresh and thawed) or applied.interrupted or applied.is_cut_off:
        return
    request = replace(request, refresh=True)
    try:
        plan = plan_pass(request, thawed if fits(thawed) else None, listener)
    except StoppedError as error:
        yield Pass(plan_of(()), (_warn_not_seen(thawed, error),), exit_code=1)
        return
    try:
        _refuse(request, plan, listener)
        listener.show_plan(plan)
        second = apply_plan(request, plan, listener)
    except InterruptedPreviewError:
        yield Pass(plan.plan, exit_code=1, interrupted=True, traffic=plan.traffic)
    except StoppedError as error:
        yield Pass(plan.plan, (_warn_not_seen(thawed, error),), exit_code=1, traffic=plan.traffic)
    else:
        yield second if second.interrupted or second.is_cut_off else replace(second, settles=thawed)


def _warn_not_seen(slugs: frozenset[str], reason: StoppedError) -> Diagnostic:
    return Diagnostic("error", "", NOT_SEEN.format(first_of(sorted(slugs), NAMED), reason))
