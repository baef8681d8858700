"""A statement for its customer. It has no field for cost, margin, rule, usage category, SID or commit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement, LotUse, RatedTenant
from tenantry.operations.billing.rating.values.line import Line, LineKind, sum_lines


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A line as the customer reads it."""

    kind: LineKind
    label: str
    detail: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CreditBalance:
    """A pack of credits: what this month used of it, and what is left."""

    label: str
    credits: Decimal
    units: Decimal
    used: Decimal
    remaining: Decimal
    credits_remaining: Decimal
    expired: Decimal
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class CreditPurchase:
    """A pack that was bought this month and paid elsewhere: a memo, never charged."""

    label: str
    credits: Decimal
    units: Decimal
    price: Decimal
    currency: str
    day: date
    ref: str


@dataclass(frozen=True, slots=True)
class CustomerSection:
    """The fees and charges of one of the customer's tenants."""

    name: str
    first_day: date
    last_day: date
    lines: tuple[CustomerLine, ...]
    subtotal: Decimal
    credits: tuple[CreditBalance, ...]
    purchases: tuple[CreditPurchase, ...]


@dataclass(frozen=True, slots=True)
class CustomerStatement:
    """What a customer may see. `number` is None in a draft."""

    number: str | None
    customer: str
    name: str
    period: UsagePeriod
    currency: str
    sections: tuple[CustomerSection, ...]
    lines: tuple[CustomerLine, ...]
    """What follows the sections: discount, minimum, corrections, adjustments, tax."""
    total: Decimal
    tax_is_external: bool
    net_days: int | None


def make_customer_statement(statement: InternalStatement) -> CustomerStatement:
    """Return what the customer may see of a statement."""
    charged = sum(len(tuple(tenant.lines)) for tenant in statement.tenants)
    return CustomerStatement(
        number=statement.number,
        customer=statement.customer.slug,
        name=statement.customer.name,
        period=statement.period,
        currency=statement.currency,
        sections=tuple(_make_section(tenant) for tenant in statement.tenants),
        lines=tuple(_make_line(line) for line in statement.lines[charged:]),
        total=statement.total,
        tax_is_external=statement.tax_is_external,
        net_days=statement.net_days,
    )


def _make_section(tenant: RatedTenant) -> CustomerSection:
    period = tenant.month.period
    bought = (use for use in tenant.lots if period.first <= use.lot.first_day <= period.last)
    return CustomerSection(
        name=tenant.month.name,
        first_day=tenant.parts[0].part.first,
        last_day=tenant.parts[-1].part.last,
        lines=tuple(_make_line(line) for line in tenant.lines),
        subtotal=sum_lines(tenant.lines),
        credits=tuple(_make_balance(use) for use in tenant.lots),
        purchases=tuple(_make_purchase(use) for use in bought),
    )


def _make_line(line: Line) -> CustomerLine:
    return CustomerLine(line.kind, line.label, line.detail, line.quantity, line.unit_price, line.amount)


def _make_balance(use: LotUse) -> CreditBalance:
    lot = use.lot
    return CreditBalance(
        label=use.label,
        credits=lot.credits,
        units=lot.units,
        used=use.used,
        remaining=use.remaining,
        credits_remaining=lot.credits_of(use.remaining),
        expired=use.expired,
        first_day=lot.first_day,
        last_day=lot.last_day,
    )


def _make_purchase(use: LotUse) -> CreditPurchase:
    lot = use.lot
    return CreditPurchase(use.label, lot.credits, lot.units, lot.price, lot.currency, lot.first_day, lot.ref)
