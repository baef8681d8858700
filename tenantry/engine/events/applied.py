"""What an `up` did, read from its events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from tenantry.engine.events.event import Diagnostic, Event, ResourceEvent, ResourceFailed, ResourceOutputs
from tenantry.engine.events.plan import OLD_HALF, OPS, STACK, Op, Step, find_replaced, plan_of
from tenantry.engine.events.urn import name_of, slug_of
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.recorded import WAITING

# Before `replace` comes the making of the new object, after it the end of the old one; either can fail.
_FAILING_OPS: Mapping[str, Op] = {**OPS, "create-replacement": "replace", OLD_HALF: "replace"}
_ENDING_OPS = frozenset({*OPS, OLD_HALF})


@dataclass(frozen=True)
class Failure:
    """One resource that failed; `op` is None where it did not come to a step, because a check refused it."""

    op: Op | None
    urn: str
    name: str
    slug: str | None
    reasons: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Applied:
    """The steps that were done, and the resources that failed, in the engine's order."""

    done: tuple[Step, ...]
    failed: tuple[Failure, ...]


def applied_of(events: Iterable[Event], taken: Collection[str] = ()) -> Applied:
    """Return what these events of an `up` say was done, and what failed with which reasons.

    `taken` are the SIDs of what was there already: the engine calls it a creation.
    """
    kept = tuple(events)
    failed = _list_failures(kept)
    ended = {event.urn: event for event in kept if isinstance(event, ResourceOutputs) and event.op in _ENDING_OPS}
    broken = {failure.urn for failure in failed}
    done = [step for step in plan_of(kept).steps if step.urn in ended and step.urn not in broken]
    again = {step.slug for step in done if _is_found_again(step, ended[step.urn], taken)}
    return Applied(tuple(_as_ended(step, ended[step.urn], taken, again) for step in done), failed)


def is_failure(event: Event) -> TypeGuard[ResourceFailed | Diagnostic]:
    """Return whether an event reports that a resource failed, or why."""
    return isinstance(event, ResourceFailed) or (isinstance(event, Diagnostic) and is_about_resource(event))


def is_about_resource(diagnostic: Diagnostic) -> bool:
    """Return whether a message is the reason why a resource failed, and not one about the run."""
    return diagnostic.severity == "error" and bool(diagnostic.urn) and f"::{STACK}::" not in diagnostic.urn


def _list_failures(events: tuple[Event, ...]) -> tuple[Failure, ...]:
    reasons: dict[str, list[Diagnostic]] = {}
    ops: dict[str, Op | None] = {}
    replaced = find_replaced(events)
    for event in events:
        if isinstance(event, ResourceFailed):
            finishes = event.op == OLD_HALF and event.urn not in replaced
            ops[event.urn] = "finish" if finishes else _FAILING_OPS.get(event.op)
            reasons.setdefault(event.urn, [])
        elif isinstance(event, Diagnostic) and is_about_resource(event):
            reasons.setdefault(event.urn, []).append(event)
    return tuple(_build_failure(urn, ops.get(urn), tuple(diagnostics)) for urn, diagnostics in reasons.items())


def _build_failure(urn: str, op: Op | None, reasons: tuple[Diagnostic, ...]) -> Failure:
    name = name_of(urn)
    return Failure(op, urn, name, slug_of(urn, name), reasons)


def _is_found_again(step: Step, event: ResourceEvent, taken: Collection[str]) -> bool:
    """Return whether a step took over an account that no manifest adopts: that of a tenant whose state was lost."""
    return step.op == "create" and BY_TOKEN.get(step.type) == "subaccount" and event.id in taken


def _as_ended(step: Step, event: ResourceEvent, taken: Collection[str], again: Collection[str | None]) -> Step:
    """Return a step as it turned out: what a provider could not make in a resting account waits, and what was
    there already was taken over and not made. So was what is only written down anew of a tenant that was found again.
    """
    if event.op != "create":
        return step
    if event.id.startswith(WAITING):
        return replace(step, op="wait")
    is_record = BY_TOKEN.get(step.type) == "retention" and step.slug in again
    return replace(step, op="adopt") if event.id in taken or is_record else step
