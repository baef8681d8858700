"""A bill for us, as lines of text: how each cent of each statement came about, then the fleet."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from tenantry.operations.billing.bill import Bill
from tenantry.reports.alike import Reason, group_reasons, list_common
from tenantry.reports.bill.fleet import FleetRow, FleetSum, list_fleet, notes_of_bill, sum_fleet, summarise_bill
from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.bill.our_parts import OurCharge, OurCorrection, OurLine, OurTenant
from tenantry.reports.bill.our_words import (
    covered_text,
    ignored_corrections,
    lot_text,
    margin_text,
    reconciliation_text,
    tenant_text,
)
from tenantry.reports.bill.words import (
    INTERNAL,
    amount_text,
    cost_text,
    days_text,
    exact_text,
    line_text,
    money_text,
    percent_text,
    price_text,
    quantity_text,
)
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.plain import plain
from tenantry.text.wrapping import Line, keep_spaces, sentence

STYLES: dict[str, Style] = {"failed": "alarm", "refused": "alarm", "draft": "yellow"}


def bill_lines(bill: Bill) -> Iterator[Line]:
    """Yield each statement in full, then all side by side, what is wrong, and the sums."""
    rows = list_fleet(bill)
    for row in rows:
        if row.document is not None:
            yield from _statement(row, row.document)
            yield Line()
    yield keep_spaces(f"Bill of {days_text(bill.period.first, bill.period.last)}", "bold")
    yield sentence(INTERNAL, "yellow")
    yield from (sentence(note, "yellow") for note in notes_of_bill(bill))
    yield Line()
    yield from _fleet(rows)
    for alike in group_reasons(Reason(problem.tenant, problem.sentence) for problem in bill.left_out):
        yield sentence(plain(f"{alike.write_tenants()}: on no statement; {alike.text}"), "alarm")
    yield Line()
    yield from _sums(sum_fleet(rows))
    yield keep_spaces(summarise_bill(bill, rows), "bold")


def _fleet(rows: Sequence[FleetRow]) -> Iterator[Line]:
    if not rows:
        return
    cells = [("customer", "status", "number", "total", "cost", "margin", ""), *map(_fleet_cells, rows)]
    header, *lines = align_columns(cells, {3, 4, 5, 6})
    yield keep_spaces(header, "dim")
    problems = [Reason(problem.tenant, problem.sentence) for row in rows for problem in row.billed.problems]
    common = list_common(problems)
    passed = {reason for alike in common for reason in alike.reasons}
    for row, text in zip(rows, lines, strict=True):
        yield keep_spaces(text, STYLES.get(row.status))
        for problem in row.billed.problems:
            if Reason(problem.tenant, problem.sentence) not in passed:
                yield sentence(f"    {plain(problem.tenant)}: {plain(problem.sentence)}", "alarm")
        yield from (sentence(f"    note: {plain(note)}", "dim") for note in row.billed.notes)
    yield from (sentence(plain(alike.line), "alarm") for alike in common)


def _fleet_cells(row: FleetRow) -> tuple[str, ...]:
    billed, document = row.billed, row.document
    currency = billed.currency or ""
    total = "" if row.total is None else money_text(row.total, currency)
    margin = document.margin if document and row.total is not None else None
    if margin is None:
        return (row.owner, row.status, plain(billed.number or ""), total, "", "", "")
    percent = f"{margin.percent} %" if margin.percent else ""
    number = plain(billed.number or "")
    figures = (exact_text(margin.cost, currency), exact_text(margin.amount, currency))
    return (row.owner, row.status, number, total, *figures, percent)


def _sums(sums: Iterable[FleetSum]) -> Iterator[Line]:
    for found in sums:
        text = f"{found.currency.upper()}: total {amount_text(found.total, found.currency)}"
        if found.cost is not None and found.margin is not None:
            percent = percent_text(found.margin, Fraction(found.revenue))
            text += (
                f", revenue {amount_text(found.revenue, found.currency)}, cost {exact_text(found.cost, found.currency)}"
            )
            text += f", margin {exact_text(found.margin, found.currency)}{f' ({percent})' if percent else ''}"
        yield sentence(text)


def _statement(row: FleetRow, document: OurDocument) -> Iterator[Line]:
    status = "DRAFT" if document.closed_at is None else f"{document.number}, closed {document.closed_at:%Y-%m-%d}"
    yield keep_spaces(f"{plain(document.name)} ({row.owner}), {plain(status)}", "bold")
    for tenant in document.tenants:
        yield sentence(f"  {plain(tenant_text(tenant))}")
        yield from _tables(tenant, document.currency)
        for text in (*reconciliation_text(tenant), *map(lot_text, tenant.lots)):
            yield sentence(f"    {plain(text)}", "dim")
    yield from _table(document.lines, document.currency, indent="  ")
    yield keep_spaces(f"  Total {money_text(document.total, document.currency)}", "bold")
    if document.margin is not None:
        yield sentence(f"  {margin_text(document.margin, document.currency)}")
    yield from _ignored_lines(ignored_corrections(document), document.currency)
    yield from (sentence(f"  can't be closed: {plain(refusal)}", "alarm") for refusal in document.refusals)
    yield from (sentence(f"  hint: {plain(hint)}", "cyan") for hint in document.hints)


def _tables(tenant: OurTenant, currency: str) -> Iterator[Line]:
    for part in tenant.parts:
        if len(tenant.parts) > 1:
            yield sentence(f"    {part.first_day} to {part.last_day}")
        lines = (*part.fees, *(line for charge in part.charges for line in charge.lines))
        yield from _table(lines, currency)
        rows = [(f"    {charge.name}", charge.strategy, *_cost(charge, tenant)) for charge in part.charges]
        yield from (keep_spaces(text, "dim") for text in (align_columns(rows, {2, 3}) if rows else ()))


def _cost(charge: OurCharge, tenant: OurTenant) -> tuple[str, str, str]:
    units = f"{quantity_text(charge.units)} units" if charge.counts else ""
    return (units, f"cost {cost_text(charge.cost, tenant.cost_currency)}", covered_text(charge))


def _table(lines: Sequence[OurLine], currency: str, indent: str = "    ") -> Iterator[Line]:
    if not lines:
        return
    cells = [
        (
            f"{indent}{plain(line_text(line))}",
            quantity_text(line.quantity),
            price_text(line.unit_price, currency),
            amount_text(line.amount, currency),
            plain(line.rule),
        )
        for line in lines
    ]
    yield from map(keep_spaces, align_columns(cells, {1, 2, 3}))


def _ignored_lines(corrections: Iterable[OurCorrection], currency: str) -> Iterator[Line]:
    for correction in corrections:
        yield sentence(f"  not billed, too small: correction of {plain(correction.number)}", "dim")
        yield from _table(correction.lines, currency)
