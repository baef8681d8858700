"""From the engine's plan to the report of it."""

from collections.abc import Iterable

from tenantry.engine.events.event import Diagnostic, name_of
from tenantry.engine.events.plan import Plan, slug_of
from tenantry.engine.run.safety import Limits, stop
from tenantry.operations.up.grouping import counts_of, groups_of, told
from tenantry.operations.up.messages import messages_of
from tenantry.policies.lifted import Lifted
from tenantry.reports.about import About
from tenantry.reports.preview.values import PreviewReport
from tenantry.reports.waived import waived


def preview_of(
    plan: Plan,
    stack: str,
    about: About | None = None,
    *,
    limits: Limits | None = None,
    unread: Iterable[Diagnostic] = (),
    waivers: Iterable[Lifted] = (),
    failed: bool = False,
) -> PreviewReport:
    """Return the report of a plan, of a preview that `failed`, or has an error or a broken mandatory rule in it.

    With `limits` it says whether an `up` would stop at them. `unread` are the reasons why tenants were left out.
    """
    about = about or About()
    steps, reasons = told(plan.steps), tuple(unread)
    acted_on = {step.urn for step in steps}
    messages = messages_of((*reasons, *plan.errors, *plan.warnings), plan.violations)
    is_told = any(message.severity in ("error", "mandatory") for message in messages)
    return PreviewReport(
        format=1,
        stack=stack,
        failed=failed or is_told,
        counts=counts_of(steps),
        unchanged=plan.counts.get("same", 0),
        tenants=len({step.slug for step in steps if step.slug is not None}),
        groups=groups_of(steps),
        waiting=groups_of(plan.waiting, warn=False),
        seen=groups_of((step for step in plan.drift if step.urn not in acted_on), warn=False),
        messages=messages,
        waivers=waived(waivers),
        parent=about.parent,
        address=about.address,
        scope=about.scope,
        commit=about.commit,
        policies=about.policies(plan.violations),
        stops=stop(plan, limits) if limits else None,
        left_out=tuple(sorted({slug for one in reasons if (slug := slug_of(one.urn, name_of(one.urn)))})),
    )
