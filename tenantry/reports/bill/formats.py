"""The formats of `tenantry bill`, by name."""

from typing import Literal

from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.as_json import as_json
from tenantry.reports.bill.as_text import as_text
from tenantry.text.wrapped import Layout

FORMATS = ("text", "json")
Audience = Literal["us", "customer"]


def render_bill(bill: Bill, audience: Audience, form: str, layout: Layout) -> str:
    """Return a bill in a format, for us or for customers."""
    if form == "json":
        return as_json(bill, audience)
    return as_text(bill, audience, layout)
