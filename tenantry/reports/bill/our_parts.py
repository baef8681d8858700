"""The parts of a statement for us, as they are published. Never for a customer."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.billing.rating.values.line import LineKind
from tenantry.reports.bill.figure import Document, Figure


class OurLine(Document):
    """A line with its exact amount, and how it came about."""

    key: str = Field(description="what it is, the same when it is rated again")
    kind: LineKind
    label: str
    detail: str
    quantity: Figure | None
    unit_price: Figure | None
    amount: Figure
    exact: str = Field(description="before it was rounded: 12.5, or 1/3 where no decimal is exact")
    rule: str = Field(description="how the amount came about")


class OurCharge(Document):
    """A charge in one part of the month: what it covers, what that cost, and its lines."""

    name: str
    label: str
    strategy: str
    categories: tuple[str, ...] = Field(description="whose price is its cost; none for the charge of everything else")
    counts: Literal["count", "usage"] | None = Field(description="what is counted; null where nothing is")
    units: Figure
    included: Figure | None = Field(description="units in the fee for these days; null where none are, or all")
    is_unlimited: bool = Field(description="whether all units are in the fee")
    cost: Figure = Field(description="in Twilio's currency")
    lines: tuple[OurLine, ...]


class OurPart(Document):
    """The days that have the same terms."""

    first_day: date
    last_day: date
    fees: tuple[OurLine, ...]
    charges: tuple[OurCharge, ...]


class OurLot(Document):
    """A lot of credits: what the month used of it."""

    charge: str
    label: str
    pack: str
    ref: str
    first_day: date
    last_day: date
    credits: Figure
    units: Figure
    used: Figure
    remaining: Figure
    credits_remaining: Figure
    expired: Figure


class OurReconciliation(Document):
    """Where Twilio's total went: total = covered + rest + absorbed + uncovered + unexplained."""

    total: Figure
    covered: Figure
    rest: Figure = Field(description="what the charge of everything else has")
    absorbed: Figure
    uncovered: Figure
    unexplained: Figure
    uncovered_categories: dict[str, Figure]
    notes: tuple[str, ...] = Field(description="why readings by day and of the month differ")


class OurTenant(Document):
    """One tenant on the statement."""

    tenant: str
    name: str
    account_sid: str
    commit: str = Field(description="whose terms are in force")
    as_of: datetime | None = Field(description="up to when Twilio had counted everything")
    cost_currency: str | None
    parts: tuple[OurPart, ...]
    lots: tuple[OurLot, ...]
    reconciliation: OurReconciliation


class OurCorrection(Document):
    """What an earlier statement was short of its figures rated again."""

    number: str
    first_day: date
    last_day: date
    total: Figure
    is_ignored: bool = Field(description="every line is below the threshold: it is not on the statement")
    lines: tuple[OurLine, ...]


class OurMargin(Document):
    """Revenue without tax, corrections and adjustments, less cost, in the statement's currency."""

    revenue: Figure
    cost: str
    amount: str
    percent: str | None = Field(description="of the revenue, to a tenth; null where there is no revenue")
