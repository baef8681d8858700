"""Changes as values: the published schemas are made from them, so names are a promise to scripts."""

from typing import Any, Literal

from pydantic import Field

from tenantry.engine.events.plan import Op as Op
from tenantry.operations.changes.danger import DANGERS, Danger
from tenantry.operations.reported import Reported


class ChangedField(Reported):
    """One property of a resource."""

    path: str = Field(description="where it is: callback_url, sink_configuration.destination")
    change: Literal["add", "update", "delete"] = Field(description="add: it had none before; delete: it has none after")
    old: Any = Field(description="before, null if none; in URLs of several tenants {tenant} stands for the slug")
    new: Any = Field(description="after, null if none; [secret] and (known after up) stand for what can't be shown")
    replaces: bool = Field(description="this property can't change on a live object, so there will be another one")


class ResourceChange(Reported):
    """What happens to one resource of each tenant of a group."""

    op: Op = Field(
        description="adopt: it is there already and is taken over, and brought to what the manifest says; "
        "forget: it leaves the stack and stays in Twilio as it is; wait: its tenant is not active, it is "
        "made or changed when it is; finish: the old object of a replacement that an earlier run began is deleted; "
        "delete and replace always end an object that is in use"
    )
    resource: str = Field(description="kind and key, such as usage_trigger/monthly-sms; a key with its generation")
    type: str = Field(description="type of the resource in Pulumi")
    fields: tuple[ChangedField, ...] = Field(
        description="properties that change; none of what goes, nor the name of a new account, which its manifest tells"
    )


class Group(Reported):
    """Tenants for which exactly the same happens, reported once."""

    danger: Danger | None = Field(
        description="what a reviewer must not miss, null if nothing is taken away; "
        + "; ".join(f"{danger}: {meaning}" for danger, meaning in DANGERS.items())
    )
    tenants: tuple[str, ...] = Field(description="slugs, sorted; none for what belongs to no tenant, such as the fleet")
    changes: tuple[ResourceChange, ...] = Field(description="sorted by resource")


class Message(Reported):
    """Something that the engine, a provider or a policy said."""

    severity: Literal["error", "warning", "mandatory", "advisory", "remediate"] = Field(
        description="error and warning; else the level of the policy that was violated"
    )
    policy: str | None = Field(description="name of the policy; null if it was none")
    text: str
    resources: tuple[str, ...] = Field(description="names of the resources that it is about, sorted; may be none")
