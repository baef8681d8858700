"""Statements as CSV (RFC 4180): a row for each line, and one for the total of each statement."""

from collections.abc import Iterator

from tenantry.operations.billing.bill import Bill
from tenantry.operations.billing.rating.values.problems import BillingProblem
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.customer_document import CustomerDocument, LineDocument, SectionDocument
from tenantry.reports.bill.documents import find_customer_document
from tenantry.reports.bill.figure import write_figure
from tenantry.reports.bill.fleet import FleetRow, list_fleet
from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.bill.our_parts import OurCharge, OurLine, OurTenant
from tenantry.reports.bill.words import MEMO
from tenantry.text.csv_cell import safe_cell, write_csv

_STATEMENT = ("number", "status", "customer", "name", "first_day", "last_day", "closed_on", "due_on", "currency")
_LINE = ("kind", "label", "detail", "quantity", "unit_price", "amount")
COLUMNS = (*_STATEMENT, "section", *_LINE)
"""For customers. New columns are added behind these."""
_INTERNAL = ("key", "exact", "rule", "charge", "strategy", "categories", "cost", "cost_currency", "margin")
OUR_COLUMNS = (
    "number",
    "status",
    "customer",
    "tenant",
    "currency",
    *_LINE,
    *_INTERNAL,
    "account_sid",
    "commit",
    "text",
)
"""For us. New columns are added behind these."""

Row = dict[str, str]


def as_csv(bill: Bill, audience: Audience) -> str:
    """Return a header and rows. `amount` of kind total is the sum of the others; credits and memos have no amount."""
    if audience == "us":
        return write_csv(OUR_COLUMNS, _our_rows(bill))
    documents = filter(None, map(find_customer_document, bill.statements))
    return write_csv(COLUMNS, (row for document in documents for row in _customer_rows(document)))


def _customer_rows(document: CustomerDocument) -> Iterator[Row]:
    common = {
        "number": safe_cell(document.number or "DRAFT"),
        "status": document.status,
        "customer": document.customer,
        "name": safe_cell(document.name),
        "first_day": document.first_day.isoformat(),
        "last_day": document.last_day.isoformat(),
        "closed_on": document.closed_on.isoformat() if document.closed_on else "",
        "due_on": document.due_on.isoformat() if document.due_on else "",
        "currency": document.currency,
    }
    for section in document.sections:
        yield from ({**common, "section": safe_cell(section.name), **_line(line)} for line in section.lines)
    yield from ({**common, **_line(line)} for line in document.lines)
    yield {**common, "kind": "total", "amount": write_figure(document.total)}
    for section in document.sections:
        yield from ({**common, "section": safe_cell(section.name), **row} for row in _credit_rows(section))


def _line(line: LineDocument | OurLine) -> Row:
    return {
        "kind": line.kind,
        "label": safe_cell(line.label),
        "detail": safe_cell(line.detail),
        "quantity": "" if line.quantity is None else write_figure(line.quantity),
        "unit_price": "" if line.unit_price is None else write_figure(line.unit_price),
        "amount": write_figure(line.amount),
    }


def _credit_rows(section: SectionDocument) -> Iterator[Row]:
    for balance in section.credits:
        used = f"{write_figure(balance.used)} used, {write_figure(balance.expired)} expired"
        days = f"{balance.first_day} to {balance.last_day}"
        detail = f"units left; {write_figure(balance.units)} bought, {used}; valid {days}"
        quantity = write_figure(balance.remaining)
        yield {"kind": "credits", "label": safe_cell(balance.label), "detail": detail, "quantity": quantity}
    for purchase in section.purchases:
        price = f"{write_figure(purchase.price)} {purchase.currency.upper()}"
        detail = f"{MEMO} {purchase.day}, {price}, {purchase.ref}"
        quantity = write_figure(purchase.units)
        yield {"kind": "memo", "label": safe_cell(purchase.label), "detail": safe_cell(detail), "quantity": quantity}


def _our_rows(bill: Bill) -> Iterator[Row]:
    for row in list_fleet(bill):
        billed = row.billed
        common = {
            "number": safe_cell(billed.number or ""),
            "status": row.status,
            "customer": billed.customer,
            "currency": billed.currency or "",
        }
        if row.document is not None and row.total is not None:
            yield from ({**common, **line} for line in _statement_rows(row.document))
            yield {**common, "tenant": billed.tenant, **_total(row)}
        yield from ({**common, **_problem(problem)} for problem in billed.problems)
        yield from ({**common, "kind": "note", "text": safe_cell(note)} for note in billed.notes)
    yield from ({"status": "left out", **_problem(problem)} for problem in bill.left_out)


def _statement_rows(document: OurDocument) -> Iterator[Row]:
    for tenant in document.tenants:
        common = {"tenant": tenant.tenant, "account_sid": tenant.account_sid, "commit": tenant.commit}
        for part in tenant.parts:
            yield from ({**common, **_our_line(line)} for line in part.fees)
            for charge in part.charges:
                about = {"charge": charge.name, "strategy": charge.strategy}
                yield from ({**common, **about, **_our_line(line)} for line in charge.lines)
                yield {**common, **about, **_cost(charge, tenant)}
    yield from map(_our_line, document.lines)
    yield from ({"kind": "hint", "text": safe_cell(hint)} for hint in document.hints)


def _our_line(line: OurLine) -> Row:
    return {**_line(line), "key": safe_cell(line.key), "exact": line.exact, "rule": safe_cell(line.rule)}


def _cost(charge: OurCharge, tenant: OurTenant) -> Row:
    """Return what a charge costs us: a row without an amount."""
    return {
        "kind": "cost",
        "label": safe_cell(charge.label),
        "quantity": write_figure(charge.units) if charge.counts else "",
        "categories": " ".join(charge.categories),
        "cost": write_figure(charge.cost),
        "cost_currency": tenant.cost_currency or "",
    }


def _total(row: FleetRow) -> Row:
    margin = row.document.margin if row.document else None
    figures = (
        {"cost": margin.cost, "cost_currency": row.billed.currency or "", "margin": margin.amount} if margin else {}
    )
    return {"kind": "total", "amount": "" if row.total is None else write_figure(row.total), **figures}


def _problem(problem: BillingProblem) -> Row:
    text = safe_cell(problem.sentence)
    return {"kind": "problem", "tenant": problem.tenant, "label": problem.code, "text": text}
