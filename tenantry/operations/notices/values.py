"""What a notice says, type by type: the published schema is made from it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tenantry.model.suspension import SuspensionReason

Text = Annotated[str, Field(description="a sentence that is safe for the customer")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CapFigures(_Part):
    """A cap and what was used of it."""

    cap: str = Field(description="name of the usage trigger in the manifest")
    usage_category: str
    limit: str = Field(description="trigger_value of the manifest, a decimal")
    percent: int = Field(description="the percent of it at which this was told")
    used: str = Field(description="what Twilio had counted, a decimal")
    period: str = Field(description="first day of the period, YYYY-MM-DD; ever for a trigger that fires once")


class CapData(CapFigures):
    """What is told of a cap."""

    tenant: str
    customer: str
    account_sid: str
    stop: tuple[str, ...] = Field(description="usage categories that your application is to stop")
    text: Text


class SuspensionData(_Part):
    """What is told of a suspension; the figures of a cap only where one is the reason."""

    tenant: str
    customer: str
    account_sid: str
    reason: SuspensionReason
    ref: str
    by: str
    since: datetime
    until: str | None = Field(description="the day on which it is meant to end, YYYY-MM-DD")
    text: Text
    cap: str | None = None
    usage_category: str | None = None
    limit: str | None = None
    percent: int | None = None
    used: str | None = None
    period: str | None = None


class StatementData(_Part):
    """What is told of a statement."""

    number: str
    customer: str
    month: str
    total: str
    currency: str
    text: Text


class CreditsData(_Part):
    """What is told of credits that run out."""

    customer: str
    tenant: str
    label: str
    units_left: str
    text: Text


class _Sent(_Part):
    timestamp: datetime = Field(description="when it happened, by the ledger's clock")
    audience: Literal["us", "customer"] = Field(description="customer: all of it may be shown to the customer")
    stack: str = Field(description="short name of the stack; empty where none is named")
    parent: str = Field(description="SID of the parent account")


class CapNotice(_Sent):
    """Usage came near a cap, reached it, or the suspension for it waits for an approval."""

    type: Literal["cap.warned", "cap.reached", "cap.awaiting_approval"]
    data: CapData


class SuspensionNotice(_Sent):
    """A tenant was suspended, or is suspended no longer."""

    type: Literal["tenant.suspended", "tenant.resumed"]
    data: SuspensionData


class StatementNotice(_Sent):
    """A statement was closed."""

    type: Literal["statement.closed"]
    data: StatementData


class CreditsNotice(_Sent):
    """Credits run low, or out."""

    type: Literal["credits.low", "credits.empty"]
    data: CreditsData


SentNotice = Annotated[CapNotice | SuspensionNotice | StatementNotice | CreditsNotice, Field(discriminator="type")]
SENT_NOTICE: TypeAdapter[SentNotice] = TypeAdapter(SentNotice)


class ListedNotice(_Part):
    """A notice in the ledger."""

    id: str = Field(description="the same at each attempt: `webhook-id`")
    type: str
    tenant: str | None
    status: Literal["waiting", "sent", "dead"]
    created_at: datetime
    attempts: int
    next_try: datetime | None = Field(description="of one that waits")
    last_error: str | None


class NoticesReport(_Part):
    """The notices of a parent account, and what was replayed."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    url: str | None = Field(description="where they go; null where tenantry.yaml has no `notices`: they are kept")
    notices: tuple[ListedNotice, ...]
    replayed: tuple[str, ...] | None = Field(
        default=None, description="those that were queued again; null if not asked"
    )
