"""What is exported, as values: the published schema is made from them, so names are a promise to scripts.

Which account, keys and other objects there are comes from the stack's state; who the tenant is, from its manifest.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.suspension import SuspensionReason


class Exported(BaseModel):
    """The base of everything that is exported."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ExportedObject(Exported):
    """An object in Twilio."""

    sid: str | None = Field(description="its SID; null while it waits")
    waiting: bool = Field(description="it is made when its tenant is active again")


class ExportedGeneration(Exported):
    """One generation of an API key, which is a key of its own in Twilio."""

    generation: int = Field(description="its number; rotation adds the next")
    sid: str | None = Field(description="its SID; null while it waits")
    waiting: bool = Field(description="it is made when its tenant is active again")
    secret_known: bool = Field(description="the stack's state holds its secret; not so for a key that was taken over")
    held_since: datetime | None = Field(
        description="when the stack got it: when it was made, or taken over; null if the state does not say",
    )


class ExportedKey(Exported):
    """An API key of a tenant, with all its generations."""

    access: Literal["standard"] | tuple[str, ...] = Field(
        description="standard, or the permissions of a restricted key, sorted; of the current generation"
    )
    current: int | None = Field(description="the generation to use: the highest that exists; null if none does yet")
    generations: tuple[ExportedGeneration, ...] = Field(description="lowest first")
    deliver_to: tuple[str, ...] = Field(
        description="sinks of the manifest that get the highest generation whose secret is known"
    )

    due_on: date | None = Field(
        description="day (UTC) on which `tenantry rotate` adds the next generation, if Twilio made the current one "
        "when the stack got it; null without `rotation`",
    )

    @property
    def current_generation(self) -> ExportedGeneration | None:
        """The generation to use."""
        return next((generation for generation in self.generations if generation.generation == self.current), None)


class ExportedWebhook(Exported):
    """The Event Streams sink and subscription that send a tenant's errors."""

    sink: ExportedObject | None = Field(description="null when it is not made yet")
    subscription: ExportedObject | None = Field(description="null when it is not made yet")


class ExportedFlags(Exported):
    """What the tenant's application must send with each message."""

    content_retention: str | None = Field(description="ContentRetention of the Messages API; null: send none")
    address_retention: str | None = Field(description="AddressRetention of the Messages API; null: send none")


class ExportedReason(Exported):
    """Why a tenant is suspended, by the ledger."""

    reason: SuspensionReason
    since: datetime
    until: datetime | None = Field(description="when it is meant to end")
    ref: str
    by: str


class ExportedTenant(Exported):
    """One tenant."""

    tenant: str = Field(description="the slug")
    customer: str | None = Field(description="the slug, unless tenants share a customer; null without a manifest")
    name: str | None = Field(description="name of the customer; null without a manifest")
    managed: bool = Field(description="there is a manifest; without one, the tenant is only in the stack's state")
    state: Literal["active", "suspended", "closed", "released"] | None = Field(
        description="the state that the manifest asks for; null where it has no state, and without a manifest"
    )
    status: str | None = Field(
        description="the account's status when Twilio last told it: active, suspended, closed, or missing when Twilio "
        "no longer knows the account; null without an account"
    )
    suspended_for: tuple[ExportedReason, ...] = Field(
        description="the reasons that hold by the ledger, the newest last; empty without a ledger"
    )
    close_after: date | None = Field(description="first day on which a closed tenant may be closed")
    account_sid: str | None = Field(description="SID of the tenant's account; null when there is none")
    waiting: bool = Field(description="the account is made when the tenant is active, not before")
    plan: str | None = Field(description="plan of the manifest")
    profiles: tuple[str, ...] = Field(description="profiles of the manifest, in its order")
    labels: dict[str, str] = Field(description="labels of the manifest, sorted by name")
    api_keys: dict[str, ExportedKey] = Field(description="API keys by name, sorted")
    usage_triggers: dict[str, ExportedObject] = Field(description="usage triggers by name, sorted")
    debugger_webhook: ExportedWebhook | None = Field(description="null when the tenant has none")
    per_request: ExportedFlags = Field(description="flags that the tenant's application sends")
    objects: dict[str, dict[str, ExportedObject]] = Field(
        description="every object in the tenant's account that the stack has, by kind and by its name in the stack "
        "without the kind: web-2 is generation 2 of the key web"
    )


class Export(Exported):
    """The tenants of one stack, sorted by slug. It holds no secret; equal stacks give equal bytes."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    parent: str | None = Field(description="SID of the parent account")
    tenants: tuple[ExportedTenant, ...]
