"""A bill as JSON: for us the fleet and every statement, for customers a list of their documents alone."""

import json
from typing import Any

from pydantic import RootModel

from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.bill_document import BillDocument, describe_bill
from tenantry.reports.bill.customer_document import CustomerDocument
from tenantry.reports.bill.documents import find_customer_text, find_our_text
from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(bill: Bill, audience: Audience) -> str:
    """Return a bill as one JSON document; a closed statement has the data that was closed, read again."""
    if audience == "customer":
        return json_text([json.loads(text) for text in map(find_customer_text, bill.statements) if text is not None])
    plain = describe_bill(bill).plain()
    for billed, row in zip(bill.statements, plain["statements"], strict=True):
        text = find_our_text(billed)
        row["statement"] = None if text is None else json.loads(text)
    return json_text(plain)


def statement_schema() -> dict[str, Any]:
    """Return the JSON Schema of a statement as its customer gets it."""
    return publish_schema("Tenantry: a statement for its customer", CustomerDocument)


def statements_schema() -> dict[str, Any]:
    """Return the JSON Schema of a month's statements for customers."""
    return publish_schema("Tenantry: statements for customers", RootModel[tuple[CustomerDocument, ...]])


def internal_statement_schema() -> dict[str, Any]:
    """Return the JSON Schema of a statement for us."""
    return publish_schema("Tenantry: a statement for us", OurDocument)


def bill_schema() -> dict[str, Any]:
    """Return the JSON Schema of a whole bill for us."""
    return publish_schema("Tenantry: the bill of a month, for us", BillDocument)
