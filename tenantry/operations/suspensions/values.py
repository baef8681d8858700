"""What was done about a suspension, as values: the published schema is made from them."""

from datetime import date, datetime
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.suspension import SuspensionReason

ReasonByHand = Literal["nonpayment", "fraud", "ending", "twilio"]
"""The reasons that a person records and lifts; the others belong to a program."""
REASONS_BY_HAND: tuple[ReasonByHand, ...] = get_args(ReasonByHand)


class HeldReason(BaseModel):
    """A reason for which a tenant is suspended now."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    reason: SuspensionReason
    since: datetime
    until: date | None = Field(description="the day on which it is meant to end; it holds until it is lifted")
    ref: str
    by: str


class SuspensionOutcome(BaseModel):
    """What a command did about a tenant's suspension, and how the tenant then stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    action: Literal["suspend", "resume"]
    tenant: str
    account_sid: str
    reason: ReasonByHand
    is_new: bool = Field(description="whether this run wrote it; false where the ledger said so already")
    reasons: tuple[HeldReason, ...] = Field(description="those that hold now, the newest last; active only without any")
    manifest_state: str | None = Field(description="`state` of the manifest, which keeps an account suspended too")
    status: str | None = Field(description="of the account at Twilio, as it last answered; null where it did not")
    is_changed: bool = Field(description="whether this run changed the account")
    problem: str | None = Field(default=None, description="what failed at Twilio; what the ledger says stands")
