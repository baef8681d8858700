"""A statement as its customer gets it: a published document without cost, margin, rule, category, SID or commit."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from tenantry.operations.billing.rating.values.customer_statement import (
    CreditPurchase,
    CustomerLine,
    CustomerSection,
    CustomerStatement,
    make_customer_statement,
)
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.line import LineKind
from tenantry.reports.bill.figure import Document, Figure, shorten_price
from tenantry.text.json_text import json_text


class LineDocument(Document):
    """A line: a fee, a charge, or what follows them."""

    kind: LineKind
    label: str
    detail: str
    quantity: Figure | None
    unit_price: Figure | None
    amount: Figure


class BalanceDocument(Document):
    """A pack of credits, and what remains of it."""

    label: str
    credits: Figure
    units: Figure
    used: Figure
    remaining: Figure
    credits_remaining: Figure
    expired: Figure
    first_day: date
    last_day: date


class PurchaseDocument(Document):
    """A pack that was bought in the month and paid elsewhere."""

    label: str
    credits: Figure
    units: Figure
    price: Figure
    currency: str
    day: date
    ref: str


class SectionDocument(Document):
    """What one of the customer's tenants is charged."""

    name: str
    first_day: date
    last_day: date
    lines: tuple[LineDocument, ...]
    subtotal: Figure
    credits: tuple[BalanceDocument, ...]
    purchases: tuple[PurchaseDocument, ...]


class CustomerDocument(Document):
    """A statement for a customer. A draft has no number and may change."""

    format: Literal[1] = 1
    status: Literal["draft", "closed"]
    number: str | None
    customer: str
    name: str
    currency: str
    total: Figure
    first_day: date
    last_day: date
    closed_on: date | None
    due_on: date | None
    tax_is_external: bool
    sections: tuple[SectionDocument, ...]
    lines: tuple[LineDocument, ...]
    """What follows the sections: discount, minimum, corrections, adjustments, tax."""


def customer_document(statement: InternalStatement, closed_at: datetime | None = None) -> CustomerDocument:
    """Return what the customer may see of a statement; `closed_at` is None of a draft."""
    seen = make_customer_statement(statement)
    return CustomerDocument(
        status="closed" if closed_at else "draft",
        number=seen.number,
        customer=seen.customer,
        name=seen.name,
        currency=seen.currency,
        total=seen.total,
        first_day=seen.period.first,
        last_day=seen.period.last,
        closed_on=closed_at.date() if closed_at else None,
        due_on=_due_day(seen, closed_at),
        tax_is_external=seen.tax_is_external,
        sections=tuple(map(_section, seen.sections)),
        lines=_lines(seen.lines),
    )


def write_customer_document(document: CustomerDocument) -> str:
    """Return the document as JSON: the same statement gives the same bytes."""
    return json_text(document.plain())


def read_customer_document(text: str) -> CustomerDocument:
    """Return the document that was written; raises ValueError for another text."""
    return CustomerDocument.model_validate_json(text)


def _due_day(seen: CustomerStatement, closed_at: datetime | None) -> date | None:
    if closed_at is None or seen.net_days is None:
        return None
    return closed_at.date() + timedelta(days=seen.net_days)


def _section(section: CustomerSection) -> SectionDocument:
    return SectionDocument(
        name=section.name,
        first_day=section.first_day,
        last_day=section.last_day,
        lines=_lines(section.lines),
        subtotal=section.subtotal,
        credits=tuple(map(BalanceDocument.model_validate, section.credits)),
        purchases=tuple(map(_purchase, section.purchases)),
    )


def _lines(lines: tuple[CustomerLine, ...]) -> tuple[LineDocument, ...]:
    return tuple(map(LineDocument.model_validate, lines))


def _purchase(purchase: CreditPurchase) -> PurchaseDocument:
    price = shorten_price(purchase.price, purchase.currency)
    return PurchaseDocument.model_validate(replace(purchase, price=price))
