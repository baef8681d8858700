"""A statement for us: every cent with its rule, its cost, and where Twilio's total went. Never for a customer."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field

from tenantry.model.charge import AnyCharge, Tiers, TiersWithOverage
from tenantry.operations.billing.rating.parts import Part
from tenantry.operations.billing.rating.strategies.use import shorten_included
from tenantry.operations.billing.rating.values.internal_statement import (
    Correction,
    InternalStatement,
    LotUse,
    RatedCharge,
    RatedPart,
    RatedTenant,
)
from tenantry.operations.billing.rating.values.line import Line
from tenantry.operations.billing.rating.values.margin import compute_margin
from tenantry.reports.bill.figure import Document, Figure, exact_figure
from tenantry.reports.bill.our_parts import (
    OurCharge,
    OurCorrection,
    OurLine,
    OurLot,
    OurMargin,
    OurPart,
    OurReconciliation,
    OurTenant,
)
from tenantry.text.json_text import json_text


class OurDocument(Document):
    """A statement for us; `audience` says that it is internal."""

    format: Literal[1] = 1
    audience: Literal["internal"] = "internal"
    status: Literal["draft", "closed"]
    number: str | None
    customer: str
    name: str
    ids: dict[str, str] = Field(description="what the customer is called in other systems")
    currency: str
    total: Figure
    first_day: date
    last_day: date
    closed_at: datetime | None
    net_days: int | None
    tax_is_external: bool
    margin: OurMargin | None = Field(description="null where a cost is in another currency without a rate")
    tenants: tuple[OurTenant, ...]
    lines: tuple[OurLine, ...] = Field(
        description="what follows the tenants' lines: discount, minimum, corrections, adjustments, tax"
    )
    corrections: tuple[OurCorrection, ...]
    refusals: tuple[str, ...] = Field(description="why it can't be closed")
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
        net_days=statement.net_days,
        tax_is_external=statement.tax_is_external,
        margin=_margin(statement),
        tenants=tuple(map(_tenant, statement.tenants)),
        lines=_lines(statement.lines[charged:]),
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
    margin = compute_margin(statement)
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
    month, books = tenant.month, tenant.reconciliation
    figures = ("total", "covered", "rest", "absorbed", "uncovered", "unexplained", "notes")
    return OurTenant(
        tenant=month.tenant,
        name=month.name,
        account_sid=month.account_sid,
        commit=month.commit,
        as_of=month.usage.as_of if month.usage else None,
        cost_currency=tenant.cost_currency,
        parts=tuple(_part(rated, month.period.days) for rated in tenant.parts),
        lots=tuple(map(_lot, tenant.lots)),
        reconciliation=OurReconciliation(
            **{name: getattr(books, name) for name in figures}, uncovered_categories=dict(books.uncovered_categories)
        ),
    )


def _lot(use: LotUse) -> OurLot:
    lot = use.lot
    return OurLot(
        charge=lot.charge,
        label=use.label,
        pack=lot.pack,
        ref=lot.ref,
        first_day=lot.first_day,
        last_day=lot.last_day,
        credits=lot.credits,
        units=lot.units,
        used=use.used,
        remaining=use.remaining,
        credits_remaining=lot.credits_of(use.remaining),
        expired=use.expired,
    )


def _part(rated: RatedPart, days_of_month: int) -> OurPart:
    part = rated.part
    return OurPart(
        first_day=part.first,
        last_day=part.last,
        fees=_lines(rated.fees),
        charges=tuple(_charge(charge, part, days_of_month) for charge in rated.charges),
    )


def _charge(rated: RatedCharge, part: Part, days_of_month: int) -> OurCharge:
    charge: AnyCharge = part.terms.charges[rated.name]
    included = charge.included if isinstance(charge, Tiers | TiersWithOverage) else None
    return OurCharge(
        name=rated.name,
        label=rated.label,
        strategy=rated.strategy,
        categories=rated.categories,
        counts=charge.quantity,
        units=rated.units,
        included=None if included is None else Decimal(shorten_included(included, part.included_days, days_of_month)),
        is_unlimited=isinstance(charge, Tiers) and charge.included is None,
        cost=rated.cost,
        lines=_lines(rated.lines),
    )


def _correction(correction: Correction) -> OurCorrection:
    return OurCorrection(
        number=correction.number,
        first_day=correction.period.first,
        last_day=correction.period.last,
        total=correction.total,
        is_ignored=correction.is_ignored,
        lines=_lines(correction.lines),
    )


def _lines(lines: tuple[Line, ...]) -> tuple[OurLine, ...]:
    return tuple(map(_line, lines))


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
