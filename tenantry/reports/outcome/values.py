"""What an `up` did as a value: `schemas/up.schema.json` is made from it."""

from typing import Literal

from pydantic import Field

from tenantry.engine.events.plan import Op
from tenantry.operations.up.changes import Group, Message, Reported
from tenantry.operations.up.orphan import EndedLeftover
from tenantry.reports.about import PoliciesResult

Result = Literal["done", "failed", "interrupted"]


class FailedResource(Reported):
    """A resource that failed, and why."""

    op: Op | None = Field(description="what was tried; null if a check refused it before that")
    resource: str = Field(description="kind and key, such as usage_trigger/monthly-sms")
    reasons: tuple[str, ...] = Field(description="what we did, to what, what came back, what to do next")


class FailedTenant(Reported):
    """What failed for one tenant; what is not named here was done, or is in not_done."""

    tenant: str | None = Field(description="slug; null for what belongs to no tenant, such as the fleet")
    resources: tuple[FailedResource, ...] = Field(description="sorted by resource")


class Outcome(Reported):
    """What an `up` did to the tenants of a stack."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    result: Result = Field(description="done: all of it was done")
    counts: dict[Op, int] = Field(
        description="how many resources each operation was done to; those without are left out"
    )
    tenants: int = Field(description="tenants for which something was done")
    done: tuple[Group, ...] = Field(description="what was done; danger is null, it is too late to warn")
    failed: tuple[FailedTenant, ...] = Field(description="sorted by tenant")
    not_done: tuple[Group, ...] = Field(
        description="planned, and not tried: what it depends on failed, or the run was interrupted"
    )
    cut_off: bool = Field(
        default=False, description="the engine's account of the run ends before the run did: more may be done than told"
    )
    unknown: tuple[Group, ...] = Field(
        default=(), description="planned; the run was cut off, and nobody knows whether they were done"
    )
    leftovers: tuple[EndedLeftover, ...] = Field(
        default=(), description="what an earlier run that did not end well had left, and what became of it"
    )
    messages: tuple[Message, ...] = Field(description="warnings, and errors about no resource")
    parent: str | None = Field(default=None, description="SID of the parent account; null if nobody names it")
    address: str | None = Field(default=None, description="where requests go instead of to Twilio, such as a fake")
    policies: PoliciesResult | None = Field(default=None, description="null in a project without policies")
    notes: tuple[str, ...] = Field(description="lines about the run, such as what it cost at Twilio's API")
