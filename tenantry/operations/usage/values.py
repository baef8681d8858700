"""What is reported of usage, as values: the published schema is made from them, so names are a promise to scripts.

Figures are exact decimals, written as text. One that Twilio left out is null, which is never 0.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

Figure = Annotated[
    Decimal,
    PlainSerializer(lambda figure: f"{figure:f}", return_type=str),
]
"""An exact decimal without an exponent, such as `0.0075`."""

ReasonName = Literal[
    "children_short",
    "children_over",
    "in_no_category",
    "categories_overlap",
    "price_missing",
    "currencies_differ",
]
Availability = Literal["read", "not_available", "failed"]


class Reported(BaseModel):
    """The base of everything that is reported."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Days(Reported):
    """The days that were asked for, in UTC; both are included."""

    first: date
    last: date
    is_over: bool = Field(description="false where the last day has not ended: figures will grow")


class CategoryUsage(Reported):
    """What was used of one category."""

    category: str
    within: str | None = Field(description="the category that contains it, as far as is known; null for an outermost")
    count: Figure | None = Field(description="events, such as messages; null where Twilio tells none")
    count_unit: str | None
    usage: Figure | None = Field(description="what is billed, in its own unit, such as minutes")
    usage_unit: str | None
    price: Figure | None = Field(description="what Twilio charges you; positive is a cost")
    price_unit: str | None = Field(description="the currency, such as usd")


class Row(Reported):
    """One row of a reconciliation: an amount that categories leave open, and why."""

    reason: ReasonName
    category: str | None = Field(description="the category that it is about; null for the total")
    amount: Figure | None = Field(description="in the currency of the account; null where nobody knows it")
    text: str


class Reconciliation(Reported):
    """The total of an account against the sum of its innermost categories; rows tell every cent of the difference."""

    total: Figure = Field(description="price of the category totalprice")
    categories: Figure = Field(description="sum of the innermost categories")
    difference: Figure = Field(description="total less categories: the sum of the rows that have an amount")
    rows: tuple[Row, ...] = Field(description="empty where they agree")


class TenantUsage(Reported):
    """The usage of one tenant."""

    tenant: str = Field(description="the slug")
    name: str | None = Field(description="name of the customer; null without a manifest")
    account_sid: str | None
    status: str | None = Field(description="the account's status in Twilio; null where Twilio lists no such account")
    availability: Availability = Field(description="not_available: for a stated reason; failed: it was tried")
    reason: str | None = Field(description="why its usage is not available; null where it was read")
    as_of: datetime | None = Field(description="up to when Twilio had counted")
    price: Figure | None = Field(description="price of the category totalprice; null where it is not available")
    price_unit: str | None
    categories: tuple[CategoryUsage, ...] = Field(
        description="each below its parents; a category that was not used is absent"
    )
    reconciliation: Reconciliation | None = Field(description="null where there is no total to compare")


class FleetRow(Reported):
    """A part of what the parent's own record says."""

    part: Literal["parent", "tenants", "no_tenant", "not_available", "not_added_up", "other_currency", "unexplained"]
    accounts: int | None = Field(description="how many accounts it is")
    amount: Figure | None = Field(description="null where nobody knows it")
    text: str


class Fleet(Reported):
    """The parent's record with all its subaccounts against what was read of each account."""

    total: Figure | None = Field(description="null where Twilio did not tell it")
    price_unit: str | None
    rows: tuple[FleetRow, ...] = Field(description="their amounts add up to the total")


class UsageReport(Reported):
    """The usage of a stack's tenants in a period."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str
    period: Days
    as_of: datetime | None = Field(description="the earliest of the tenants'")
    is_complete: bool = Field(description="Twilio had counted up to the end of the period, for every tenant read")
    tenants: tuple[TenantUsage, ...] = Field(description="by slug")
    categories: tuple[CategoryUsage, ...] = Field(description="summed over the tenants that were read")
    fleet: Fleet | None = Field(description="null unless all tenants were asked for")
    not_available: int = Field(description="tenants whose usage is not available for a stated reason")
    failed: int = Field(description="tenants whose usage was asked for in vain")


class Effect(Reported):
    """One known reason why logs and usage differ, and by how much; figures are null where nobody can know them."""

    name: str
    records: int | None = Field(description="how many log records it is about")
    quantity: Figure | None = Field(description="what it adds to the logs' quantity: messages, segments or minutes")
    price: Figure | None = Field(description="what it adds to the logs' price")
    text: str


LogName = Literal["messages", "calls"]
"""The logs of Twilio that usage is compared with."""


class Comparison(Reported):
    """The log of one kind against the usage records: log + effects + unexplained = usage."""

    log: LogName
    measure: Literal["count", "usage"]
    unit: str
    is_whole: bool = Field(description="false where the log has more records than were read; then nothing is certain")
    log_records: int
    log_quantity: Figure
    log_price: Figure
    effects: tuple[Effect, ...]
    usage_categories: tuple[str, ...]
    usage_quantity: Figure | None
    usage_price: Figure | None
    unexplained_quantity: Figure | None
    unexplained_price: Figure | None


class Explanation(Reported):
    """Why the logs of one tenant and its usage differ."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    tenant: str
    account_sid: str
    period: Days
    time_zone: str = Field(description="in which the days of the logs are counted for the effect time_zone")
    as_of: datetime | None
    price_unit: str | None
    comparisons: tuple[Comparison, ...]
    apart: tuple[Effect, ...] = Field(description="usage that no log of messages or calls has")
