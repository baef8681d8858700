"""Both documents of a statement: as they are closed, and as they are read again.

A closed statement is told from the text that was closed, whatever this program would write today.
"""

from datetime import datetime

from tenantry.operations.billing.bill import BilledStatement
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.reports.bill.customer_document import (
    CustomerDocument,
    customer_document,
    read_customer_document,
    write_customer_document,
)
from tenantry.reports.bill.our_document import OurDocument, our_document, read_our_document, write_our_document


def write_documents(statement: InternalStatement, closed_at: datetime) -> tuple[str, str]:
    """Return the customer's document and ours, as JSON."""
    return (
        write_customer_document(customer_document(statement, closed_at)),
        write_our_document(our_document(statement, closed_at)),
    )


def find_customer_document(billed: BilledStatement) -> CustomerDocument | None:
    """Return what the customer may see of a statement; None where it was refused."""
    if billed.for_customer is not None:
        return read_customer_document(billed.for_customer)
    return None if billed.status == "refused" or billed.statement is None else customer_document(billed.statement)


def find_customer_text(billed: BilledStatement) -> str | None:
    """Return the same as JSON: of a closed one byte for byte as it was closed."""
    if billed.for_customer is not None:
        return billed.for_customer
    document = find_customer_document(billed)
    return None if document is None else write_customer_document(document)


def find_our_document(billed: BilledStatement) -> OurDocument | None:
    """Return everything about a statement; None where it could not be rated."""
    if billed.for_us is not None:
        return read_our_document(billed.for_us)
    return None if billed.statement is None else our_document(billed.statement)


def find_our_text(billed: BilledStatement) -> str | None:
    """Return the same as JSON: of a closed one byte for byte as it was closed."""
    if billed.for_us is not None:
        return billed.for_us
    document = find_our_document(billed)
    return None if document is None else write_our_document(document)
