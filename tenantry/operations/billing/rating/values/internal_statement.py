"""A statement for us: every cent, what it costs us, from which readings and by which rule. Never for a customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, Lot, TenantMonth
from tenantry.operations.billing.rating.values.line import Line, sum_lines
from tenantry.operations.billing.rating.values.problems import BillingProblem


class RatedCharge(NamedTuple):
    """One charge in one part of a month: its lines, and what they are made of."""

    name: str
    label: str
    strategy: str
    categories: tuple[str, ...]
    """The usage categories whose price is its cost; empty for the charge of everything else."""
    units: Decimal
    cost: Decimal
    """In Twilio's currency."""
    lines: tuple[Line, ...]


class RatedPart(NamedTuple):
    """The days of a month that have the same terms."""

    part: Part
    fees: tuple[Line, ...]
    charges: tuple[RatedCharge, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """Its lines in order: fees, then charges."""
        return chain(self.fees, *[charge.lines for charge in self.charges])


@dataclass(frozen=True, slots=True)
class LotUse:
    """What a month used of one lot, and what remains of it after the month's last billed day."""

    lot: Lot
    label: str
    """Of the charge, in the customer's words."""
    used: Decimal
    remaining: Decimal
    expired: Decimal
    """What was left when its last day passed, if that lies in the month."""


class Reconciliation(NamedTuple):
    """Where Twilio's total went: total = covered + rest + absorbed + uncovered + unexplained, exactly."""

    total: Decimal
    covered: Decimal
    rest: Decimal
    """What the charge of everything else has."""
    absorbed: Decimal
    uncovered: Decimal
    unexplained: Decimal
    """Up to 0.01 that Twilio's categories and its total differ by."""
    uncovered_categories: tuple[tuple[str, Decimal], ...]
    notes: tuple[str, ...] = ()
    """Why readings by day and of the month differ, one sentence each."""


class RatedTenant(NamedTuple):
    """One tenant's fees and charges of a month, with what they were rated from."""

    month: TenantMonth
    currency: str
    cost_currency: str | None
    """Twilio's; None where nothing was used."""
    parts: tuple[RatedPart, ...]
    lots: tuple[LotUse, ...]
    reconciliation: Reconciliation

    @property
    def lines(self) -> Iterator[Line]:
        """Its lines, part by part."""
        return chain(*[part.lines for part in self.parts])


@dataclass(frozen=True, slots=True)
class Correction:
    """What a closed statement is short of its figures rated again; lines that are 0 are left out."""

    number: str
    period: UsagePeriod
    currency: str
    lines: tuple[Line, ...]
    is_ignored: bool
    """Every line is below the threshold: we see it, and nobody is billed."""

    @property
    def total(self) -> Decimal:
        """The sum of its lines."""
        return sum_lines(self.lines)


@dataclass(frozen=True, slots=True)
class InternalStatement:
    """Everything about a statement, for us. `number` is None in a draft."""

    customer: BilledCustomer
    period: UsagePeriod
    currency: str
    tenants: tuple[RatedTenant, ...]
    discount: Line | None
    minimum: Line | None
    corrections: tuple[Correction, ...]
    adjustments: tuple[Line, ...]
    tax: Line | None
    tax_is_external: bool
    net_days: int | None
    refusals: tuple[BillingProblem, ...]
    """Why it can't be closed; empty where it can."""
    hints: tuple[str, ...] = ()
    number: str | None = None

    @property
    def own_lines(self) -> tuple[Line, ...]:
        """The lines of this month alone, which a later correction compares: no corrections, no adjustments."""
        charged = (line for tenant in self.tenants for line in tenant.lines)
        return (*charged, *filter(None, (self.discount, self.minimum, self.tax)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in the order of the statement."""
        charged = chain(*[tenant.lines for tenant in self.tenants])
        corrected = (line for correction in self.corrections if not correction.is_ignored for line in correction.lines)
        ends = filter(None, (self.discount, self.minimum))
        return (*charged, *ends, *corrected, *self.adjustments, *filter(None, (self.tax,)))

    @property
    def total(self) -> Decimal:
        """What the customer pays: the sum of the rounded lines."""
        return sum_lines(self.lines)
