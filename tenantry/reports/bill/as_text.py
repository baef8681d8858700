"""A bill as text, for a terminal."""

from collections.abc import Iterator

from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.reports.bill.customer_document import CustomerDocument, customer_document, read_customer_document
from tenantry.text.plain import plain
from tenantry.text.wrapping import Layout


def as_text(bill: Bill, audience: str, layout: Layout) -> str:  # noqa: ARG001
    """Return a bill as text."""
    rows = _customers(bill) if audience == "customer" else _ours(bill)
    return "\n".join(rows)


def document_of(statement: BilledStatement) -> CustomerDocument | None:
    """Return what the customer sees of a statement, of a closed one as it was closed; None of a refused one."""
    if statement.for_customer is not None:
        return read_customer_document(statement.for_customer)
    if statement.status == "refused" or statement.statement is None:
        return None
    return customer_document(statement.statement)


def _ours(bill: Bill) -> Iterator[str]:
    for statement in bill.statements:
        whose = f"{statement.customer}{f' ({statement.tenant})' if statement.tenant else ''}"
        total = "-" if statement.total is None else f"{statement.total:,f} {(statement.currency or '').upper()}"
        yield f"{plain(whose):<32} {statement.status:<8} {statement.number or '':<20} {total:>16}"
        yield from (f"    {plain(problem.tenant)}: {plain(problem.sentence)}" for problem in statement.problems)
        yield from (f"    note: {plain(note)}" for note in statement.notes)
    yield from (f"{plain(problem.tenant)}: no statement; {plain(problem.sentence)}" for problem in bill.left_out)
    yield "  ".join(f"total {total:,f} {currency.upper()}" for currency, total in bill.totals.items())


def _customers(bill: Bill) -> Iterator[str]:
    for document in filter(None, map(document_of, bill.statements)):
        yield f"{'DRAFT' if document.status == 'draft' else document.number}  {plain(document.name)}"
        for section in document.sections:
            for line in section.lines:
                yield f"  {plain(line.label):<40} {line.amount:>12,f}"
        yield from (f"  {plain(line.label):<40} {line.amount:>12,f}" for line in document.lines)
        yield f"  {'Total':<40} {document.total:>12,f} {document.currency.upper()}"
        yield ""
