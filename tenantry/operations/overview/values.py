"""What operators and customers see, as values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.operations.caps.values import CapRow, FailedAccount
from tenantry.operations.error_events.values import ErrorsReport


@dataclass(frozen=True)
class HeldTenant:
    """A reason for which a tenant is suspended."""

    tenant: str
    reason: str
    since: datetime
    until: datetime | None
    ref: str
    by: str


@dataclass(frozen=True)
class Overview:
    """All that operators see on one page."""

    stack: str
    parent: str
    as_of: datetime
    tenants: int
    caps: tuple[CapRow, ...]
    """The fullest first."""
    suspensions: tuple[HeldTenant, ...]
    not_followed: tuple[FailedAccount, ...]
    errors: ErrorsReport
    dead_notices: int

    @property
    def awaiting(self) -> tuple[CapRow, ...]:
        """The caps of which a suspension waits for a person."""
        return tuple(cap for cap in self.caps if cap.status == "awaiting")


class CustomerCap(BaseModel):
    """A limit of a customer, and how much of it was used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    usage_category: str
    recurring: str
    used: Decimal | None = Field(description="null where it was not read yet, or is not watched")
    limit: Decimal
    as_of: datetime | None
    status: Literal["open", "awaiting", "suspended"]


class CustomerCaps(BaseModel):
    """What a customer may see of its limits: never a price of ours, nor why else it is suspended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    tenant: str
    name: str
    as_of: datetime
    suspended: bool
    suspended_until: datetime | None = Field(description="null where it is open, or nobody can say")
    caps: tuple[CustomerCap, ...]
