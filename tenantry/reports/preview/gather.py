"""From the engine's plan to the report of it."""

from collections.abc import Iterable

from tenantry.engine.plan import Plan
from tenantry.reports.changes.grouping import counts_of, groups_of, told
from tenantry.reports.changes.messages import messages_of
from tenantry.reports.preview.values import PreviewReport
from tenantry.reports.waived import waived
from tenantry.rules.lifted import Lifted


def preview_of(plan: Plan, stack: str, *, waivers: Iterable[Lifted] = ()) -> PreviewReport:
    """Return the report of a plan, of a preview that failed if an error or a broken mandatory rule is in it."""
    steps = told(plan.steps)
    acted_on = {step.urn for step in steps}
    messages = messages_of((*plan.errors, *plan.warnings), plan.violations)
    return PreviewReport(
        format=1,
        stack=stack,
        failed=any(message.severity in ("error", "mandatory") for message in messages),
        counts=counts_of(steps),
        unchanged=plan.counts.get("same", 0),
        tenants=len({step.slug for step in steps if step.slug is not None}),
        groups=groups_of(steps),
        waiting=groups_of(plan.waiting, warn=False),
        seen=groups_of((step for step in plan.drift if step.urn not in acted_on), warn=False),
        messages=messages,
        waivers=waived(waivers),
    )
