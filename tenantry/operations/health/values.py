"""What a health report says, as values: the published schema is made from them, so names are a promise to scripts.

Shares are text in percent, to a hundredth, so that no reader rounds them.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported

FigureState = Literal["good", "attention", "alarm", "unknown"]
ObjectiveState = Literal["ok", "burning", "missed", "unknown"]


class FigureReport(Reported):
    """A figure of one tenant."""

    name: str
    state: FigureState = Field(description="unknown: it could not be read, or was not asked for")
    text: str = Field(description="the figure in words")


class FigureAbout(Reported):
    """What a figure is, for all tenants."""

    name: str
    label: str = Field(description="what people call it")
    source: str = Field(description="where it comes from")
    remedy: str = Field(description="what to do where it is not good")


class BurnReport(Reported):
    """A window of an objective: how fast its budget is used up."""

    severity: Literal["page", "ticket"]
    long_minutes: int
    short_minutes: int
    threshold: str = Field(description="times faster than evenly at which it burns")
    factor: str | None = Field(description="times faster than evenly in the long window; null without traffic")
    total: int = Field(description="messages in the long window")
    bad: int = Field(description="failures in it")
    burns: bool
    by_counts: bool = Field(description="there is so little traffic that a rate says nothing: see the counts")
    is_over: bool = Field(default=False, description="the long window is too fast, and the short one not any more")


class ObjectiveReport(Reported):
    """An objective of one tenant, and what is left of its budget."""

    name: Literal["delivered_percent", "errors_percent"]
    percent: str = Field(description="the objective as the manifest has it")
    window_days: int
    days_known: int = Field(description="days of the window that are known; the others count for nothing")
    total: int
    bad: int
    reached_percent: str | None = Field(description="what was reached; null without traffic")
    allowed: str = Field(description="failures that the budget allows of so much traffic, rounded down")
    left_percent: str | None = Field(description="what is left of the budget, below 0 where it is overdrawn")
    state: ObjectiveState
    windows: tuple[BurnReport, ...]


class TenantHealth(Reported):
    """How one tenant fares."""

    tenant: str
    name: str | None
    state: FigureState = Field(description="the worst of its figures and objectives")
    resting: str | None = Field(description="why nothing was asked about it; null for an active tenant")
    figures: tuple[FigureReport, ...]
    objectives: tuple[ObjectiveReport, ...]
    failed: tuple[str, ...] = Field(default=(), description="questions that failed, as sentences")


class HealthReport(Reported):
    """How the tenants of a stack fare."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str
    at: datetime
    first: date = Field(description="first day that was looked at")
    source: Literal["twilio", "twilio_and_ledger", "ledger"] = Field(description="where the days come from")
    incident: str | None = Field(description="an open incident of Twilio's that concerns tenants, in a line")
    status_unknown: str | None = Field(
        default=None, description="why Twilio's status page said nothing now, in a line; null where it did"
    )
    tenants: tuple[TenantHealth, ...] = Field(description="the worst first")
    about: tuple[FigureAbout, ...]
    burning: int = Field(description="tenants with an objective that burns or is missed")
    failed: int = Field(description="tenants of which a question failed")
    requests: int = Field(description="calls of this run to Twilio")
    throttled: int = Field(description="answers with 429 among them")

    @property
    def exit_code(self) -> int:
        """1 where a question failed, 2 where an objective burns or is missed, else 0."""
        return 1 if self.failed else 2 if self.burning else 0


class CustomerTenant(Reported):
    """One account of a customer in a month."""

    name: str
    messages: int = Field(description="messages that were sent")
    delivered: int
    undelivered: int
    by_recipient: int = Field(description="not delivered for a reason of the recipient's own, and not counted")
    reached_percent: str | None
    agreed_percent: str | None = Field(description="what was agreed; null where nothing was")
    met: bool | None
    days_known: int


class CustomerHealth(Reported):
    """What one customer may see of a month. It names no account, no key, no error and no target of ours."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    customer: str
    first: date
    last: date
    days: int = Field(description="days of the month up to now")
    accounts: tuple[CustomerTenant, ...]
