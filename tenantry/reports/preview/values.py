"""A preview as a value: `schemas/plan.schema.json` is made from it."""

from typing import Literal

from pydantic import Field

from tenantry.engine.events.plan import Op
from tenantry.operations.up.changes import Group, Message, Reported
from tenantry.reports.about import PoliciesResult, Scope
from tenantry.reports.waived import WaivedRule


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
    unchanged: int = Field(description="resources that are as the manifests say")
    tenants: int = Field(description="tenants for which something happens")
    groups: tuple[Group, ...] = Field(description="what happens, the worst danger first")
    waiting: tuple[Group, ...] = Field(
        description="what was and stays left as it is because its tenant is not active: what would be made or changed"
    )
    seen: tuple[Group, ...] = Field(
        description="what a refresh found changed in Twilio that no operation here puts right; old is what we knew"
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
