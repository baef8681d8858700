"""A preview as a value, made from the engine's plan: `schemas/plan.schema.json` is made from it."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Op, Plan
from tenantry.engine.events.urn import name_of, slug_of
from tenantry.engine.run.limits import Limits
from tenantry.engine.run.safety import stop
from tenantry.operations.changes.grouping import count_operations, group_steps, select_shown
from tenantry.operations.changes.messages import gather_messages
from tenantry.operations.changes.values import Group, Message
from tenantry.operations.preview.waivers import WaivedRule, report_waivers
from tenantry.operations.reported import Reported
from tenantry.operations.stack.about import About, PoliciesResult, Scope
from tenantry.policies.lifted import Lifted


class PreviewReport(Reported):
    """What an `up` would do to the tenants of a stack. It holds no secret and no time: equal plans give equal bytes."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    failed: bool = Field(
        description="there was an error or a mandatory policy was violated: this is not all, and no `up`"
    )
    counts: dict[Op, int] = Field(
        description="how many resources each operation is for; those without any are left out"
    )
    unchanged: int = Field(
        description="resources that are as the manifests say; with a `scope` of some tenants, and those of all others, "
        "which were not looked at"
    )
    tenants: int = Field(description="tenants for which something happens")
    groups: tuple[Group, ...] = Field(description="what happens, the worst danger first")
    waiting: tuple[Group, ...] = Field(
        description="what was and stays left as it is because its tenant is not active: what would be made or changed"
    )
    seen: tuple[Group, ...] = Field(
        description="what a refresh found changed in Twilio and no operation here reverts; old is what the state had"
    )
    messages: tuple[Message, ...] = Field(description="errors, policies that were violated, warnings")
    waivers: tuple[WaivedRule, ...] = Field(
        default=(), description="waivers that lift a rule, and those that are new, the new ones first"
    )
    parent: str | None = Field(default=None, description="SID of the parent account; null if nobody names it")
    address: str | None = Field(default=None, description="where requests go instead of to Twilio, such as a fake")
    scope: Scope | None = Field(default=None, description="which tenants this is about")
    commit: str | None = Field(default=None, description="the commit that was previewed; null outside of git")
    policies: PoliciesResult | None = Field(default=None, description="null in a project without policies")
    stops: str | None = Field(
        default=None, description="why an `up` would stop at its limits, and what allows it; null if it would not"
    )
    left_out: tuple[str, ...] = Field(
        default=(), description="tenants that could not be read, so that this is about the others; `up` does these"
    )

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would happen."""
        return not self.groups


def make_preview_report(
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
    steps, reasons = select_shown(plan.steps), tuple(unread)
    acted_on = {step.urn for step in steps}
    messages = gather_messages((*reasons, *plan.errors, *plan.warnings), plan.violations)
    is_told = any(message.severity in ("error", "mandatory") for message in messages)
    return PreviewReport(
        format=1,
        stack=stack,
        failed=failed or is_told,
        counts=count_operations(steps),
        unchanged=plan.counts.get("same", 0),
        tenants=len({step.slug for step in steps if step.slug is not None}),
        groups=group_steps(steps),
        waiting=group_steps(plan.waiting, warn=False),
        seen=group_steps((step for step in plan.drift if step.urn not in acted_on), warn=False),
        messages=messages,
        waivers=report_waivers(waivers),
        parent=about.parent,
        address=about.address,
        scope=about.scope,
        commit=about.commit,
        policies=about.policies(plan.violations),
        stops=stop(plan, limits) if limits else None,
        left_out=tuple(sorted({slug for reason in reasons if (slug := slug_of(reason.urn, name_of(reason.urn)))})),
    )
