"""From the engine's plan to the report of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

from tenantry.engine.plan import Op, Plan, Step
from tenantry.reports.changes.grouping import groups_of, told
from tenantry.reports.changes.messages import messages_of
from tenantry.reports.preview.values import PreviewReport


def preview_of(plan: Plan, stack: str, *, failed: bool = False) -> PreviewReport:
    """Return the report of a plan, of a preview that `failed` if the engine says so or an error is in it."""
    steps = told(plan.steps)
    acted_on = {step.urn for step in steps}
    messages = messages_of((*plan.errors, *plan.warnings), plan.violations)
    return PreviewReport(
        format=1,
        stack=stack,
        failed=failed or any(message.severity in ("error", "mandatory") for message in messages),
        counts=counts_of(steps),
        unchanged=plan.counts.get("same", 0),
        tenants=len({step.slug for step in steps if step.slug is not None}),
        groups=groups_of(steps),
        waiting=groups_of(plan.waiting),
        seen=groups_of(step for step in plan.drift if step.urn not in acted_on),
        messages=messages,
    )


def counts_of(steps: Iterable[Step]) -> Mapping[Op, int]:
    """Return how many steps there are of each operation, in the order of the operations."""
    numbers = Counter(step.op for step in steps)
    return {op: numbers[op] for op in get_args(Op) if numbers[op]}
