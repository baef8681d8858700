"""What is known and done about caps, as values: the published schemas are made from them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SyncReport(_Value):
    """How many tenants were written for the receiver."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    stack: str
    commit: str | None = Field(description="commit of the manifests; null outside of git")
    tenants: int
    caps: int = Field(description="caps that suspend")
    without_account: tuple[str, ...] = Field(description="tenants that have no account yet, so nothing was written")


class FailedAccount(_Value):
    """A tenant for which something failed at Twilio; it is tried again."""

    tenant: str
    problem: str


class SweepReport(_Value):
    """What a sweep found and did."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    tenants: int = Field(description="tenants whose triggers were read: those with a cap that suspends")
    found: int = Field(description="triggers that fired, or are over a limit, and that nobody had noticed")
    decided: int = Field(description="events about which was decided, with those of callbacks")
    ended: tuple[str, ...] = Field(description="tenants of which a period was over")
    followed: int = Field(description="accounts that were brought to what the ledger says")
    failed: tuple[FailedAccount, ...]
    notices_sent: int
    notices_failed: int = Field(description="with those that are dead now")
    errors_deleted: int = Field(description="error events that are kept no longer")
    calls: int = Field(description="requests to Twilio")


class CapRow(_Value):
    """A cap of a tenant."""

    tenant: str
    cap: str
    usage_category: str
    recurring: str
    limit: str = Field(description="trigger_value, a decimal")
    suspends_at: int | None = Field(description="percent of it; null for a cap that only notifies")
    used: str | None = Field(description="when the sweep last looked; null before that")
    read_at: datetime | None
    status: Literal["open", "awaiting", "suspended"]
    until: datetime | None = Field(description="end of the period, where it is suspended or awaits approval")
    override: str | None = Field(description="limit in force in place of the manifest's")
    override_until: date | None = Field(description="last day of it")
    override_by: str | None


class CapsReport(_Value):
    """The caps of a stack's tenants, as the ledger has them."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    stack: str
    caps: tuple[CapRow, ...]
    not_followed: tuple[FailedAccount, ...] = Field(description="accounts that do not yet follow the ledger")


class CapActReport(_Value):
    """What a person did about a cap."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    tenant: str
    account_sid: str
    cap: str
    done: str
    status: str | None = Field(description="of the account at Twilio, as it last answered; null where it did not")
    problem: str | None = Field(default=None, description="what failed at Twilio; what the ledger says stands")
