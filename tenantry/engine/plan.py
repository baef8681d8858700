"""What an `up` would do, read from the events of a preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

from tenantry.engine.changes import Change
from tenantry.engine.events import Diagnostic, Event, PolicyViolation, ResourceOutputs, ResourcePre, Summary

Op = Literal["create", "update", "replace", "delete", "import"]

COMPONENT = "tenantry:index:Tenant"
# The stack and the default provider are things of the engine's, which nobody wrote and nobody misses in a plan.
_THE_ENGINES_OWN = ("pulumi:providers:", "pulumi:pulumi:Stack")
# A replacement is three events; the one called `replace` stands for all of them. `same`, `refresh`
# and the reads of what others own change nothing.
_OPS: Mapping[str, Op] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "import": "import",
    "import-replacement": "replace",
}


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

    @property
    def deletes(self) -> tuple[Step, ...]:
        """Return the steps that delete without a replacement."""
        return tuple(step for step in self.steps if step.op == "delete")

    @property
    def replacements(self) -> tuple[Step, ...]:
        """Return the steps that replace."""
        return tuple(step for step in self.steps if step.op == "replace")

    @property
    def is_empty(self) -> bool:
        """Say whether an `up` would change nothing."""
        return not self.steps


def plan_of(events: Iterable[Event]) -> Plan:
    """Return the plan that these events of a preview describe."""
    kept = tuple(events)
    diagnostics = [event for event in kept if isinstance(event, Diagnostic)]
    summaries = [event for event in kept if isinstance(event, Summary)]
    return Plan(
        steps=tuple(_step(_OPS[event.op], event) for event in kept if _is_step(event)),
        drift=tuple(_step("update", event) for event in kept if _is_drift(event)),
        counts=summaries[-1].changes if summaries else {},
        errors=tuple(event for event in diagnostics if event.severity == "error"),
        warnings=tuple(event for event in diagnostics if event.severity == "warning"),
        violations=tuple(event for event in kept if isinstance(event, PolicyViolation)),
    )


def slug_of(urn: str, name: str) -> str | None:
    """Return the tenant that a resource belongs to: everything below its component is named `{slug}` or `{slug}/…`."""
    types = urn.split("::")[2].split("$") if urn.count("::") > 2 else []
    return name.partition("/")[0] if COMPONENT in types else None


def _step(op: Op, event: ResourcePre | ResourceOutputs) -> Step:
    return Step(op, event.urn, event.type, event.name, slug_of(event.urn, event.name), event.changes)


def _is_step(event: Event) -> TypeGuard[ResourcePre]:
    return isinstance(event, ResourcePre) and event.op in _OPS and not event.type.startswith(_THE_ENGINES_OWN)


def _is_drift(event: Event) -> TypeGuard[ResourceOutputs]:
    return isinstance(event, ResourceOutputs) and event.op == "refresh" and bool(event.changes)
