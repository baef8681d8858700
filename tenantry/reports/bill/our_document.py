"""A statement for us: every cent with its rule, its cost, and where Twilio's total went. Never for a customer."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from tenantry.operations.billing.internal_statement import (
    Correction,
    InternalStatement,
    RatedCharge,
    RatedPart,
    RatedTenant,
)
from tenantry.operations.billing.line import Line, LineKind
from tenantry.operations.billing.margin import margin_of
from tenantry.reports.bill.figure import Document, Figure, exact_figure
from tenantry.text.json_text import json_text


class OurLine(Document):
    """A line with its exact amount, and how it came about."""

    key: str
    kind: LineKind
    label: str
    detail: str
    quantity: Figure | None
    unit_price: Figure | None
    amount: Figure
    exact: str
    rule: str


class OurCharge(Document):
    """A charge in one part of the month: what it covers, what that cost, and its lines."""

    name: str
    label: str
    strategy: str
    categories: tuple[str, ...]
    units: Figure
    cost: Figure
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
    pack: str
    ref: str
    first_day: date
    last_day: date
    units: Figure
    used: Figure
    remaining: Figure
    expired: Figure


class OurReconciliation(Document):
    """Where Twilio's total went: total = covered + rest + absorbed + uncovered + unexplained."""

    total: Figure
    covered: Figure
    rest: Figure
    absorbed: Figure
    uncovered: Figure
    unexplained: Figure
    uncovered_categories: dict[str, Figure]
    notes: tuple[str, ...]


class OurTenant(Document):
    """One tenant on the statement."""

    tenant: str
    name: str
    account_sid: str
    commit: str
    as_of: datetime | None
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
    is_ignored: bool
    lines: tuple[OurLine, ...]


class OurMargin(Document):
    """Revenue without tax, corrections and adjustments, less cost, in the statement's currency."""

    revenue: Figure
    cost: str
    amount: str
    percent: str | None


class OurDocument(Document):
    """A statement for us; `audience` says that it is internal."""

    format: Literal[1] = 1
    audience: Literal["internal"] = "internal"
    status: Literal["draft", "closed"]
    number: str | None
    customer: str
    name: str
    ids: dict[str, str]
    currency: str
    total: Figure
    first_day: date
    last_day: date
    closed_at: datetime | None
    margin: OurMargin | None
    tenants: tuple[OurTenant, ...]
    lines: tuple[OurLine, ...]
    """What follows the tenants' lines: discount, minimum, corrections, adjustments, tax."""
    corrections: tuple[OurCorrection, ...]
    refusals: tuple[str, ...]
    hints: tuple[str, ...]


def our_document(statement: InternalStatement, closed_at: datetime | None = None) -> OurDocument:
    """Return everything about a statement; `closed_at` is None of a draft."""
    charged = sum(len(tuple(tenant.lines)) for tenant in statement.tenants)
    return OurDocument(
        status="closed" if closed_at else "draft",
        number=statement.number,
        customer=statement.customer.slug,
        name=statement.customer.name,
        ids=dict(statement.customer.ids),
        currency=statement.currency,
        total=statement.total,
        first_day=statement.period.first,
        last_day=statement.period.last,
        closed_at=closed_at,
        margin=_margin(statement),
        tenants=tuple(map(_tenant, statement.tenants)),
        lines=tuple(map(_line, statement.lines[charged:])),
        corrections=tuple(map(_correction, statement.corrections)),
        refusals=tuple(f"{refusal.tenant}: {refusal.sentence}" for refusal in statement.refusals),
        hints=statement.hints,
    )


def write_our_document(document: OurDocument) -> str:
    """Return the document as JSON: the same statement gives the same bytes."""
    return json_text(document.plain())


def read_our_document(text: str) -> OurDocument:
    """Return the document that was written; raises ValueError for another text."""
    return OurDocument.model_validate_json(text)


def _margin(statement: InternalStatement) -> OurMargin | None:
    margin = margin_of(statement)
    if margin is None:
        return None
    percent = None if margin.percent is None else _to_tenths(margin.percent)
    return OurMargin(
        revenue=margin.revenue, cost=exact_figure(margin.cost), amount=exact_figure(margin.amount), percent=percent
    )


def _to_tenths(percent: Fraction) -> str:
    exact = Decimal(percent.numerator) / percent.denominator
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"


def _tenant(tenant: RatedTenant) -> OurTenant:
    books = tenant.reconciliation
    return OurTenant(
        tenant=tenant.month.tenant,
        name=tenant.month.name,
        account_sid=tenant.month.account_sid,
        commit=tenant.month.commit,
        as_of=tenant.month.usage.as_of if tenant.month.usage else None,
        cost_currency=tenant.cost_currency,
        parts=tuple(map(_part, tenant.parts)),
        lots=tuple(
            OurLot(
                charge=use.lot.charge,
                pack=use.lot.pack,
                ref=use.lot.ref,
                first_day=use.lot.first_day,
                last_day=use.lot.last_day,
                units=use.lot.units,
                used=use.used,
                remaining=use.remaining,
                expired=use.expired,
            )
            for use in tenant.lots
        ),
        reconciliation=OurReconciliation(
            **{
                name: getattr(books, name)
                for name in ("total", "covered", "rest", "absorbed", "uncovered", "unexplained", "notes")
            },
            uncovered_categories=dict(books.uncovered_categories),
        ),
    )


def _part(rated: RatedPart) -> OurPart:
    return OurPart(
        first_day=rated.part.first,
        last_day=rated.part.last,
        fees=tuple(map(_line, rated.fees)),
        charges=tuple(map(_charge, rated.charges)),
    )


def _charge(charge: RatedCharge) -> OurCharge:
    return OurCharge(
        name=charge.name,
        label=charge.label,
        strategy=charge.strategy,
        categories=charge.categories,
        units=charge.units,
        cost=charge.cost,
        lines=tuple(map(_line, charge.lines)),
    )


def _correction(correction: Correction) -> OurCorrection:
    return OurCorrection(
        number=correction.number,
        first_day=correction.period.first,
        last_day=correction.period.last,
        total=correction.total,
        is_ignored=correction.is_ignored,
        lines=tuple(map(_line, correction.lines)),
    )


def _line(line: Line) -> OurLine:
    return OurLine(
        key=line.key,
        kind=line.kind,
        label=line.label,
        detail=line.detail,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
        exact=exact_figure(line.exact),
        rule=line.rule,
    )
