"""A bill as text, for a terminal."""

from collections.abc import Iterator

from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.documents import find_customer_document
from tenantry.reports.bill.text_for_customer import statement_lines
from tenantry.reports.bill.text_for_us import bill_lines
from tenantry.text.wrapping import PLAIN, Layout, Line, lay_out


def as_text(bill: Bill, audience: Audience, layout: Layout = PLAIN) -> str:
    """Return a bill as text: for us every cent and the fleet, for customers their statements with a blank between."""
    return lay_out(bill_lines(bill) if audience == "us" else _for_customers(bill), layout)


def _for_customers(bill: Bill) -> Iterator[Line]:
    documents = filter(None, map(find_customer_document, bill.statements))
    for number, document in enumerate(documents):
        if number:
            yield Line()
            yield Line()
        yield from statement_lines(document)
