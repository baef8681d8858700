"""The formats of `tenantry credits`: text, JSON, CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from tenantry.operations.billing.credits.liabilities import Liability
from tenantry.operations.billing.credits.purchases import RecordedPurchase
from tenantry.reports.bill.figure import Document
from tenantry.reports.bill.words import money_text, quantity_text
from tenantry.reports.credits.documents import (
    LotRow,
    PurchaseRow,
    describe_liabilities,
    describe_purchases,
)
from tenantry.text.columns import align_columns
from tenantry.text.csv_cell import safe_cell
from tenantry.text.json_text import json_text
from tenantry.text.plain import plain

FORMATS = ("text", "json", "csv")
TEXTS = frozenset({"tenant", "charge", "pack", "ref"})
"""Columns with the words of others."""
NOTHING = "Nothing is owed: no lot has units left."


def render_purchases(recorded: Sequence[RecordedPurchase], form: str) -> str:
    """Return what was recorded, and what had been recorded before."""
    document = describe_purchases(recorded)
    if form == "json":
        return json_text(document.plain())
    if form == "csv":
        return _as_csv(PurchaseRow, document.purchases)
    return "\n".join(map(_purchase_line, document.purchases))


def render_liabilities(rows: Sequence[Liability], form: str) -> str:
    """Return what is still owed of each lot, and the sum by currency."""
    document = describe_liabilities(rows)
    if form == "json":
        return json_text(document.plain())
    if form == "csv":
        return _as_csv(LotRow, document.lots)
    if not document.lots:
        return NOTHING
    header = ("tenant", "charge", "pack", "ref", "until", "units", "credits", "owed")
    lines = align_columns([header, *map(_lot_cells, document.lots)], {5, 6, 7})
    return "\n".join([*lines, *(f"Owed: {money_text(total, name)}" for name, total in document.totals.items())])


def _purchase_line(row: PurchaseRow) -> str:
    verb = "recorded" if row.is_new else "was recorded before"
    bought = f"{quantity_text(row.credits)} credits ({quantity_text(row.units)} units)"
    days, price = f"{row.first_day} to {row.last_day}", money_text(row.price, row.currency)
    return f"{verb}: {row.tenant} bought {row.pack} for {row.charge}, {bought}, {price}, {days} ({plain(row.ref)})"


def _lot_cells(row: LotRow) -> tuple[str, ...]:
    texts = (plain(row.tenant), plain(row.charge), plain(row.pack), plain(row.ref), str(row.last_day))
    return (*texts, quantity_text(row.units_left), quantity_text(row.credits_left), money_text(row.value, row.currency))


def _as_csv(row_type: type[Document], rows: Iterable[Document]) -> str:
    """Return a header and rows with the names of the JSON."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row_type.model_fields), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe_cell(cell) if name in TEXTS else cell for name, cell in row.plain().items()})
    return text.getvalue()
