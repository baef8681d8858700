"""What an `up` would do, read from the events of a preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import (
    Diagnostic,
    Event,
    PolicyViolation,
    ResourceEvent,
    ResourceOutputs,
    ResourcePre,
    Summary,
)
from tenantry.engine.events.urn import COMPONENT, slug_of
from tenantry.model.kinds import BY_TOKEN, RECORDS, STEERING
from tenantry.model.recorded import WAITING

Op = Literal["create", "adopt", "update", "replace", "delete", "finish", "import", "forget", "wait"]
"""The engine's words, and four of ours: what a manifest adopts, or a run finds again, is there already; what is
forgotten leaves the stack and stays as it is in Twilio; what waits is made or changed once its tenant is active again;
and to finish a replacement that an earlier run began is to delete the old object. So `delete` and `replace` always end
something that is in use."""


# The stack and the default provider belong to the engine; a plan does not show them.
STACK = "pulumi:pulumi:Stack"
_THE_ENGINES_OWN = ("pulumi:providers:", STACK)
OPS: Mapping[str, Op] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "import": "import",
    "import-replacement": "replace",
}
"""What the engine does, by its own words. A replacement is three events; the one called `replace` stands for all.
`same`, `refresh` and the reads of what others own change nothing."""

OLD_HALF = "delete-replaced"
"""The end of an old object. Without a replacement in the same run it is one that an earlier run left to be done."""


@dataclass(frozen=True)
class Step:
    """One resource that would change; `slug` is its tenant, None for what belongs to no tenant."""

    op: Op
    urn: str
    type: str
    name: str
    slug: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Plan:
    """A preview as a value, in the engine's order. `drift` is what a refresh found changed in Twilio; it is no step."""

    steps: tuple[Step, ...]
    drift: tuple[Step, ...]
    counts: Mapping[str, int]
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    violations: tuple[PolicyViolation, ...]
    waiting: tuple[Step, ...] = ()
    """What this run leaves as it is because its tenant is not active, beside the steps that begin to wait."""

    @property
    def deletes(self) -> tuple[Step, ...]:
        """Return the steps that delete without a replacement in the same run."""
        return tuple(step for step in self.steps if step.op in ("delete", "finish"))

    @property
    def replacements(self) -> tuple[Step, ...]:
        """Return the steps that replace."""
        return tuple(step for step in self.steps if step.op == "replace")

    @property
    def is_empty(self) -> bool:
        """Return whether an `up` would change nothing."""
        return not self.steps


@dataclass(frozen=True)
class _Tenants:
    """What the events say of whole tenants."""

    gone: frozenset[str | None]
    """Their account is closed or unknown in Twilio, or leaves the stack, which it does only then or when released."""
    resting: frozenset[str | None]
    """Their account was suspended by an earlier run."""
    ending: frozenset[str | None]
    """They are closed or released: nothing of theirs will be made any more."""


def plan_of(events: Iterable[Event], focus: Collection[str] | None = None) -> Plan:
    """Return the plan that these events of a preview describe; with a focus, what waits is that of its tenants alone.

    In a focused run the engine (CLI 3.259) reports everything in the state, the rest as unchanged.
    """
    kept = tuple(events)
    diagnostics = [event for event in kept if isinstance(event, Diagnostic)]
    summaries = [event for event in kept if isinstance(event, Summary)]
    tenants, replaced = _tenants_of(kept), find_replaced(kept)
    return Plan(
        steps=tuple(_step(_op_of(event, tenants), event) for event in kept if _is_step(event, replaced)),
        drift=tuple(_step("update", event) for event in kept if _is_drift(event)),
        counts=_count_ops(summaries[-1].changes if summaries else {}, kept),
        errors=tuple(event for event in diagnostics if event.severity == "error"),
        warnings=tuple(event for event in diagnostics if event.severity == "warning"),
        violations=tuple(event for event in kept if isinstance(event, PolicyViolation)),
        waiting=tuple(
            _step("wait", event)
            for event in kept
            if _is_waiting(event, tenants) and (focus is None or slug_of(event.urn, event.name) in focus)
        ),
    )


def find_replaced(events: Iterable[Event]) -> frozenset[str]:
    """Return the URNs of what a run itself replaces."""
    pre = (event for event in events if isinstance(event, ResourcePre))
    return frozenset(event.urn for event in pre if OPS.get(event.op) == "replace")


def _is_step(event: Event, replaced: Collection[str]) -> TypeGuard[ResourcePre]:
    """Return whether an event belongs to a step that changes something."""
    if not isinstance(event, ResourcePre) or event.type.startswith(_THE_ENGINES_OWN):
        return False
    return event.op in OPS or (event.op == OLD_HALF and event.urn not in replaced)


def _count_ops(counts: Mapping[str, int], events: Iterable[Event]) -> Mapping[str, int]:
    """Return the engine's counts without the stack and the components, which only group resources."""
    brackets = (COMPONENT, STACK)
    same = [event.type for event in events if isinstance(event, ResourcePre) and event.op == "same"]
    return (
        {**counts, "same": counts["same"] - sum(type_ in brackets for type_ in same)} if counts.get("same") else counts
    )


def _step(op: Op, event: ResourceEvent) -> Step:
    return Step(op, event.urn, event.type, event.name, slug_of(event.urn, event.name), event.changes)


def _tenants_of(events: Iterable[Event]) -> _Tenants:
    pre = [event for event in events if isinstance(event, ResourcePre)]
    accounts = [event for event in pre if BY_TOKEN.get(event.type) == "subaccount"]
    states = [event for event in pre if BY_TOKEN.get(event.type) == "account_state"]
    return _Tenants(
        gone=_list_slugs(event for event in (*accounts, *states) if event.steering.gone)
        | _list_slugs(event for event in accounts if event.op == "delete"),
        resting=_list_slugs(event for event in states if event.op in ("same", "update")),
        ending=_list_slugs(event for event in accounts if event.steering.ending),
    )


def _list_slugs(events: Iterable[ResourcePre]) -> frozenset[str | None]:
    return frozenset(slug_of(event.urn, event.name) for event in events)


def _op_of(event: ResourcePre, tenants: _Tenants) -> Op:
    """Return what a step means: what the engine calls a deletion or a replacement often ends nothing."""
    kind, waits = BY_TOKEN.get(event.type), event.id.startswith(WAITING)
    slug = slug_of(event.urn, event.name)
    match OPS.get(event.op, "finish"):
        case "replace" if waits:
            return "create"
        case "delete" | "finish" if waits or event.steering.retained or kind in RECORDS or event.type == COMPONENT:
            return "forget"
        case "delete" | "finish" if kind and slug in tenants.gone:
            return "forget"
        case "create" if event.steering.frozen and slug in tenants.resting:
            return "wait"
        case "create" if _adopts(event):
            return "adopt"
        case op:
            return op


def _adopts(event: ResourcePre) -> bool:
    """Return whether a create takes over an object that its entry names; only our resources have that property."""
    return event.type in BY_TOKEN and any(change.path == "adopt" and change.new for change in event.changes)


def _is_waiting(event: Event, tenants: _Tenants) -> TypeGuard[ResourcePre]:
    if not isinstance(event, ResourcePre) or event.op != "same" or not event.steering.frozen or event.steering.released:
        return False
    differs = any(change.path not in STEERING for change in event.changes)
    return (differs or event.id.startswith(WAITING)) and slug_of(event.urn, event.name) not in tenants.ending


def _is_drift(event: Event) -> TypeGuard[ResourceOutputs]:
    return isinstance(event, ResourceOutputs) and event.op == "refresh" and bool(event.changes)
