"""The errors of tenants, as values: the published schema is made from them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ErrorExample(_Value):
    """The newest event of a code."""

    sid: str = Field(description="what the Console's Debugger finds it by")
    happened_at: datetime
    message: str
    product: str | None
    resource_sid: str | None = Field(description="the message, call or other thing that it happened to")
    method: str | None
    url: str | None = Field(description="whose URL failed, without what may be secret")
    parameters: str | None = Field(description="what Twilio sent to it, as JSON; personal fields say [redacted]")


class TenantCode(_Value):
    """A code that a tenant had."""

    code: str = Field(description="Twilio's code; empty where it gave none")
    name: str = Field(description="what Twilio calls it, or the message of the newest")
    level: Literal["error", "warning"]
    count: int
    first_seen: datetime = Field(description="of all that the ledger has, not of these days alone")
    last_seen: datetime
    is_new: bool = Field(description="whether it was seen first in the last seven days")
    example: ErrorExample


class TenantErrors(_Value):
    """What a tenant had, and how much it sent."""

    tenant: str
    account_sid: str | None
    errors: int
    warnings: int
    traffic: Decimal | None = Field(description="messages and calls of these days; null where that was not read")
    traffic_problem: str | None = Field(description="why it could not be read")
    errors_percent: Decimal | None = Field(description="errors of traffic; null where it was not read, or is 0")
    codes: tuple[TenantCode, ...]


class FleetCode(_Value):
    """A code, of all tenants that were asked about."""

    code: str
    name: str = Field(description="what Twilio calls it, or the message of the newest")
    level: Literal["error", "warning"]
    count: int
    tenants: int
    first_seen: datetime
    last_seen: datetime
    is_new: bool


class ErrorsReport(_Value):
    """The errors and warnings of some days, by code and by tenant."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    stack: str
    first_day: date = Field(description="in UTC")
    as_of: datetime
    codes: tuple[FleetCode, ...] = Field(description="the most frequent first")
    tenants: tuple[TenantErrors, ...] = Field(description="those that had any, the most errors first")
    without_errors: int = Field(description="tenants that were asked about and had none")
    not_received: tuple[str, ...] = Field(
        description="tenants whose errors do not come here: no `debugger_webhook` below `webhooks`"
    )

    @property
    def has_failed(self) -> bool:
        """Whether the traffic of a tenant could not be read."""
        return any(tenant.traffic_problem for tenant in self.tenants)
