"""What a statement is rated from, as frozen values: exact figures, days of UTC, terms in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tenantry.model.money import round_to
from tenantry.model.suspension import Suspended
from tenantry.model.terms import CustomerTerms, Terms
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import UsageReading

NO_TERMS = CustomerTerms()
"""Of a customer without a file, and so the same for all of them."""
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """Effective terms from a day on; those in force when the period begins have its first day, or an earlier one."""

    first_day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class Lot:
    """A pack of credits that was bought for one charge; it counts from its first day to its last, both included."""

    id: int
    """The ledger's."""
    charge: str
    pack: str
    credits: Decimal
    units: Decimal
    price: Decimal
    """What the customer paid, elsewhere."""
    currency: str
    first_day: date
    last_day: date
    ref: str
    units_left: Decimal
    """What earlier statements left of it when the period begins."""

    @property
    def order(self) -> tuple[date, date, int]:
        """The lot with the lowest order is used first: it expires first, then it is older."""
        return (self.last_day, self.first_day, self.id)

    def credits_of(self, units: Decimal) -> Decimal:
        """Return how many credits some units are, to the hundredth."""
        return round_to(Fraction(units) * Fraction(self.credits) / Fraction(self.units), HUNDREDTH)


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """What Twilio said of exactly the days that are billed: once of all of them, and day by day where it is needed."""

    whole: tuple[UsageReading, ...]
    daily: tuple[UsageReading, ...] = ()

    @property
    def as_of(self) -> datetime | None:
        """Up to when Twilio had counted everything."""
        return min((reading.as_of for reading in (*self.whole, *self.daily) if reading.as_of), default=None)


@dataclass(frozen=True, slots=True)
class TenantMonth:
    """One tenant in one month: all that its part of a statement depends on."""

    tenant: str
    """The slug."""
    name: str
    period: UsagePeriod
    """The whole month, whatever part of it is billed."""
    terms: tuple[DatedTerms, ...]
    """By day: the terms in force, then those of each amendment laid over them."""
    usage: MonthUsage | None
    """None is not available, which is never 0."""
    billed_from: date | None = None
    billed_until: date | None = None
    suspensions: tuple[Suspended, ...] = ()
    lots: tuple[Lot, ...] = ()
    account_sid: str = ""
    commit: str = ""
    """Whose terms are in force."""


@dataclass(frozen=True, slots=True)
class BilledCustomer:
    """Who gets the statement. `terms` replace those of its tenants; `together` is one statement for all of them."""

    slug: str
    name: str
    together: bool = False
    terms: CustomerTerms = NO_TERMS
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount that a person adds or, below 0, takes off; the customer reads the reason."""

    tenant: str
    amount: Decimal
    currency: str
    reason: str
    ref: str
