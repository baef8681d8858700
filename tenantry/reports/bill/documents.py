"""Both documents of a statement, as they are closed: the customer's, and ours."""

from datetime import datetime

from tenantry.operations.billing.internal_statement import InternalStatement
from tenantry.reports.bill.customer_document import customer_document, write_customer_document
from tenantry.reports.bill.our_document import our_document, write_our_document


def write_documents(statement: InternalStatement, closed_at: datetime) -> tuple[str, str]:
    """Return the customer's document and ours, as JSON."""
    return (
        write_customer_document(customer_document(statement, closed_at)),
        write_our_document(our_document(statement, closed_at)),
    )
