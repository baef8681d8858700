"""Closed statements as a CSV that QuickBooks Online imports as invoices: a row for each line, tax beside it.

QuickBooks books amounts without tax and each line's tax; both together are the statement's total.
"""

import csv
import io
from decimal import Decimal
from fractions import Fraction

from tenantry.model.money import round_half_up
from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.customer_document import LineDocument
from tenantry.reports.bill.export import Export, Exported, ExportError, ExportLine, Ids, closed_statements, list_lines
from tenantry.reports.bill.figure import write_figure
from tenantry.reports.bill.words import days_text, quantity_text
from tenantry.text.csv_cell import safe_cell

COLUMNS = (
    "*InvoiceNo",
    "*Customer",
    "*InvoiceDate",
    "*DueDate",
    "Memo",
    "Item(Product/Service)",
    "ItemDescription",
    "ItemQuantity",
    "ItemRate",
    "*ItemAmount",
    "*ItemTaxCode",
    "ItemTaxAmount",
    "Currency",
    "Service Date",
)
"""As in QuickBooks' own example, so that it maps them by itself."""
LONGEST_NUMBER = 21
ZERO = Decimal(0)


def as_quickbooks(bill: Bill, ids: Ids) -> Export:
    """Return a header and rows; amounts and taxes of a statement add up to its total."""
    rows: list[dict[str, str]] = []
    problems: list[str] = []
    for found in closed_statements(bill, "quickbooks", ids):
        if isinstance(found, str):
            problems.append(found)
            continue
        try:
            rows += _rows(found)
        except ExportError as error:
            problems.append(f"{found.document.customer}: {error}")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return Export(text.getvalue(), tuple(problems))


def _rows(found: Exported) -> list[dict[str, str]]:
    document = found.document
    if len(found.number) > LONGEST_NUMBER:
        raise ExportError(
            f"QuickBooks takes {LONGEST_NUMBER} characters of a number, and {found.number} has {len(found.number)}; "
            "it is not exported."
        )
    if document.total < 0:
        raise ExportError(
            f"the total of {found.number} is {document.total}, and QuickBooks imports no invoice below 0; "
            "make a credit memo by hand."
        )
    rows = [row for row in list_lines(document) if row.line.kind != "tax"]
    lines = [row.line for row in rows]
    tax = next((line for line in document.lines if line.kind == "tax"), None)
    taxes = _share_tax(lines, tax.amount if tax else ZERO, document.currency)
    if sum((line.amount for line in lines), ZERO) + sum(taxes, ZERO) != document.total:
        raise ExportError(f"the lines of {found.number} do not add up to its total; it is not exported.")
    common = _common(found)
    code = {"*ItemTaxCode": safe_cell(tax.label)} if tax else {}
    return [
        {**common, **code, **_line(row, document.currency), "ItemTaxAmount": write_figure(share) if tax else ""}
        for row, share in zip(rows, taxes, strict=True)
    ]


def _share_tax(lines: list[LineDocument], tax: Decimal, currency: str) -> list[Decimal]:
    """Return each line's share of the tax, so that the shares add up to it; corrections bring their own tax."""
    taxed = [ZERO if line.kind == "correction" else line.amount for line in lines]
    base = sum(taxed, ZERO)
    shares, before, reached = [], ZERO, ZERO
    for amount in taxed:
        reached += amount
        until = round_half_up(_proportion(tax, reached, base), currency) if base else ZERO
        shares.append(until - before)
        before = until
    return shares


def _proportion(tax: Decimal, part: Decimal, whole: Decimal) -> Fraction:
    return Fraction(tax) * Fraction(part) / Fraction(whole)


def _common(found: Exported) -> dict[str, str]:
    document = found.document
    closed_on = document.closed_on
    due_on = document.due_on or closed_on
    return {
        "*InvoiceNo": safe_cell(found.number),
        "*Customer": safe_cell(found.customer),
        "*InvoiceDate": closed_on.isoformat() if closed_on else "",
        "*DueDate": due_on.isoformat() if due_on else "",
        "Memo": f"{days_text(document.first_day, document.last_day)}",
        "Currency": document.currency.upper(),
        "Service Date": document.last_day.isoformat(),
    }


def _line(row: ExportLine, currency: str) -> dict[str, str]:
    """Return a line; quantity and rate where they make its amount, for QuickBooks multiplies them."""
    line = row.line
    cells = {
        "Item(Product/Service)": safe_cell(line.label),
        "ItemDescription": safe_cell(row.text),
        "*ItemAmount": write_figure(line.amount),
    }
    if line.quantity is None:
        return cells
    if line.unit_price is not None and round_half_up(line.quantity * line.unit_price, currency) == line.amount:
        return {**cells, "ItemQuantity": write_figure(line.quantity), "ItemRate": write_figure(line.unit_price)}
    return {**cells, "ItemDescription": safe_cell(f"{row.text}: {quantity_text(line.quantity)}")}
