"""Statements as pages: for customers as they get them, for us with every cent."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.customer_document import CustomerDocument
from tenantry.reports.bill.documents import find_customer_document
from tenantry.reports.bill.fleet import FleetRow, FleetSum, list_fleet, notes_of_bill, sum_fleet, summarise_bill
from tenantry.reports.bill.our_parts import OurLine, OurPart
from tenantry.reports.bill.our_words import (
    covered_text,
    ignored_corrections,
    lot_text,
    margin_text,
    reconciliation_text,
    tenant_text,
)
from tenantry.reports.bill.words import (
    DRAFT,
    INTERNAL,
    MEMO,
    amount_text,
    charged_sum,
    days_text,
    exact_text,
    facts_of,
    has_subtotals,
    line_text,
    money_text,
    notes_of,
    percent_text,
    price_text,
    purchase_text,
    quantity_text,
    section_title,
    title_text,
)
from tenantry.reports.page import render_page
from tenantry.text.counts import format_count

CLASSES = {"closed": "good", "closed now": "good", "draft": "warn"}


def as_html(bill: Bill, audience: Audience) -> str:
    """Return a bill as one page; of customers' statements each begins a sheet of paper."""
    if audience == "us":
        return _for_us(bill)
    documents = tuple(filter(None, map(find_customer_document, bill.statements)))
    return _page(f"Statements of {days_text(bill.period.first, bill.period.last)}", documents)


def statement_as_html(document: CustomerDocument) -> str:
    """Return one statement for its customer as one file, without a script and without a request to anybody."""
    return _page(title_text(document), (document,))


def _page(title: str, documents: tuple[CustomerDocument, ...]) -> str:
    return render_page(
        "statements.html",
        CUSTOMER_FILTERS,
        title=title,
        documents=documents,
        draft=DRAFT,
        memo=MEMO,
        currencies=" and ".join(sorted({document.currency.upper() for document in documents})) or "no currency",
        watermark=bool(documents) and all(document.status == "draft" for document in documents),
    )


def _for_us(bill: Bill) -> str:
    rows = list_fleet(bill)
    return render_page(
        "bill.html",
        OUR_FILTERS,
        bill=bill,
        rows=rows,
        sums=sum_fleet(rows),
        summary=summarise_bill(bill, rows),
        period=days_text(bill.period.first, bill.period.last),
        warnings=(INTERNAL, *notes_of_bill(bill)),
        draft=DRAFT,
        internal=INTERNAL,
    )


def _with_minus(write: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that writes a minus as a minus: a reader of screens may skip a hyphen."""

    def write_signed(*values: Any) -> str:
        text = write(*values)
        return f"\u2212{text[1:]}" if text.startswith("-") else text

    return write_signed


def _lines(part: OurPart) -> tuple[OurLine, ...]:
    return (*part.fees, *(line for charge in part.charges for line in charge.lines))


def _share(found: FleetSum) -> str:
    return percent_text(found.margin or Fraction(0), Fraction(found.revenue))


def _status_class(row: FleetRow) -> str:
    return CLASSES.get(row.status, "alarm")


_FIGURES = {
    "line": line_text,
    "minor": _with_minus(amount_text),
    "money": _with_minus(money_text),
    "price": _with_minus(price_text),
    "units": _with_minus(quantity_text),
}
CUSTOMER_FILTERS = _FIGURES | {
    "charged": charged_sum,
    "facts": facts_of,
    "has_subtotals": has_subtotals,
    "notes": lambda document: notes_of(document)[1:] if document.status == "draft" else notes_of(document),
    "purchase": purchase_text,
    "section": section_title,
    "title": title_text,
}
OUR_FILTERS = _FIGURES | {
    "exact": _with_minus(exact_text),
    "covered": covered_text,
    "ignored": ignored_corrections,
    "lines": _lines,
    "lot": lot_text,
    "margin": margin_text,
    "moment": lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC",
    "reconciliation": reconciliation_text,
    "share": _with_minus(_share),
    "signed": _with_minus(str),
    "statements": lambda number: format_count(number, "statement"),
    "status_class": _status_class,
    "tenant": tenant_text,
}
