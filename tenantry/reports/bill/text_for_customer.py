"""A statement as its customer reads it, as lines of text."""

from collections.abc import Iterator

from tenantry.reports.bill.customer_document import (
    BalanceDocument,
    CustomerDocument,
    LineDocument,
    SectionDocument,
)
from tenantry.reports.bill.words import (
    MEMO,
    amount_text,
    charged_sum,
    facts_of,
    has_subtotals,
    line_text,
    money_text,
    notes_of,
    price_text,
    purchase_text,
    quantity_text,
    section_title,
    title_text,
)
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.plain import plain
from tenantry.text.wrapping import Line, keep_spaces, sentence

Cells = tuple[str, str, str, str]
Row = tuple[Cells, Style | None]
RIGHT = {1, 2, 3}


def statement_lines(document: CustomerDocument) -> Iterator[Line]:
    """Yield a statement: who, when, what for, how much, and what is left of credits."""
    yield keep_spaces(plain(title_text(document)), "bold")
    for note in notes_of(document):
        yield sentence(note, "yellow")
    for row in align_columns([(name, plain(value)) for name, value in facts_of(document)]):
        yield keep_spaces(row)
    yield Line()
    rows = list(_rows(document))
    for text, (_, style) in zip(align_columns([cells for cells, _ in rows], RIGHT), rows, strict=True):
        yield keep_spaces(text, style)
    for section in document.sections:
        yield from _credits(section)


def _rows(document: CustomerDocument) -> Iterator[Row]:
    currency = document.currency
    yield ("", "quantity", "unit price", f"amount, {currency.upper()}"), "dim"
    for section in document.sections:
        yield (plain(section_title(section)), "", "", ""), "bold"
        yield from ((_cells(line, currency), None) for line in section.lines)
        if has_subtotals(document):
            yield ("  Subtotal", "", "", amount_text(section.subtotal, currency)), None
    if len(document.sections) > 1 and document.lines:
        yield ("Fees and charges", "", "", amount_text(charged_sum(document), currency)), None
    yield from ((_cells(line, currency, indent=""), None) for line in document.lines)
    total = "Total, DRAFT" if document.status == "draft" else "Total"
    yield (total, "", "", amount_text(document.total, currency)), "bold"


def _cells(line: LineDocument, currency: str, indent: str = "  ") -> Cells:
    return (
        f"{indent}{plain(line_text(line))}",
        quantity_text(line.quantity),
        price_text(line.unit_price, currency),
        amount_text(line.amount, currency),
    )


def _credits(section: SectionDocument) -> Iterator[Line]:
    if section.credits:
        yield Line()
        yield keep_spaces(f"Credits of {plain(section.name)}, in units", "bold")
        header = ("", "valid", "bought", "used", "expired", "left", "credits left")
        rows = [header, *map(_balance, section.credits)]
        yield from map(keep_spaces, align_columns(rows, {2, 3, 4, 5, 6}))
    if section.purchases:
        yield Line()
        yield sentence(MEMO)
        rows = [(plain(purchase_text(row)), money_text(row.price, row.currency)) for row in section.purchases]
        yield from map(keep_spaces, align_columns(rows, {1}))


def _balance(balance: BalanceDocument) -> tuple[str, ...]:
    figures = (balance.units, balance.used, balance.expired, balance.remaining, balance.credits_remaining)
    valid = f"{balance.first_day} to {balance.last_day}"
    return (plain(balance.label), valid, *map(quantity_text, figures))
