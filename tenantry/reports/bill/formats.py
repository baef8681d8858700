"""The formats of `tenantry bill`, by name."""

from collections.abc import Iterator
from typing import Literal

from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.reports.bill.as_json import as_json
from tenantry.reports.bill.as_text import as_text, document_of
from tenantry.reports.bill.customer_document import write_customer_document
from tenantry.text.wrapping import Layout

FORMATS = ("text", "json")
Audience = Literal["us", "customer"]


def render_bill(bill: Bill, audience: Audience, form: str, layout: Layout) -> str:
    """Return a bill in a format, for us or for customers."""
    if form == "json":
        return as_json(bill, audience)
    return as_text(bill, audience, layout)


def statement_files(bill: Bill, audience: Audience, form: str) -> Iterator[tuple[str, str]]:  # noqa: ARG001
    """Yield the name and the text of a file for each statement."""
    for statement in bill.statements:
        document = document_of(statement)
        if document is not None:
            yield f"{_name(bill, statement)}.json", write_customer_document(document)


def _name(bill: Bill, statement: BilledStatement) -> str:
    slugs = dict.fromkeys(filter(None, (statement.customer, statement.tenant)))
    return f"{'-'.join(slugs)}-{bill.period.first:%Y-%m}"
