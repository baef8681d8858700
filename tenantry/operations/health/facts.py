"""What is known of one tenant, from which every figure is computed; None is what nobody could know, and never 0."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tenantry.ledger.health_days import HealthDay
from tenantry.model.slo import Slo

DAY = timedelta(days=1)
RECIPIENTS_OWN: Mapping[str, str] = {
    "21211": "no valid number",
    "21610": "opted out",
    "21614": "no mobile number",
    "30003": "handset unreachable or switched off",
    "30004": "blocked by the recipient",
    "30005": "number unknown or out of service",
    "30006": "landline or unreachable carrier",
}
"""Error codes that are the recipient's doing (twilio.com/docs/api/errors): no objective counts such a message."""
TOO_MANY_REQUESTS = "20429"
DELIVERED = frozenset({"delivered", "read"})
UNDELIVERED = frozenset({"undelivered", "failed"})


@dataclass(frozen=True)
class Outcome:
    """What happened at a moment, as counts: a message is one in all, an error one bad of none."""

    at: datetime
    total: int
    bad: int


@dataclass(frozen=True)
class KeyAge:
    """A key of a tenant, and how many days old it is."""

    name: str
    days: int
    limit: int
    """Days at which it is to be replaced."""


@dataclass(frozen=True)
class Recent:
    """What lists told of the time from `since` on, one by one."""

    since: datetime
    messages: tuple[Outcome, ...] = ()
    """Those with a final outcome that is not the recipient's doing."""
    sent: tuple[datetime, ...] = ()
    """When each message was sent, whatever came of it."""
    errors: tuple[datetime, ...] | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    """How many messages failed with which error code."""


@dataclass(frozen=True)
class Facts:
    """One tenant, at a moment."""

    tenant: str
    now: datetime
    slo: Slo | None = None
    days: tuple[HealthDay, ...] = ()
    """Whole days and the present one, the first day first; a day that is not in it is not known."""
    recent: Recent | None = None
    keys: tuple[KeyAge, ...] | None = None
    sinks_failed: tuple[str, ...] | None = None
    drift: tuple[int, int] | None = None
    """Findings of high and of low severity."""
    lags: tuple[timedelta, ...] | None = None
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Why something could not be read, by what it is."""
    resting: str | None = None
    """Why nothing is asked about it."""

    def days_since(self, first: date) -> Iterator[HealthDay]:
        """Yield the days from one on."""
        return (day for day in self.days if day.day >= first)

    @property
    def window_first(self) -> date:
        """The first day of the window of its objectives."""
        return (self.now - (self.slo.window_days - 1 if self.slo else 29) * DAY).date()
