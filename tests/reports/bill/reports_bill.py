"""Bills made of golden cases, as drafts and as they are closed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from golden_cases import NAMES, read_case

from tenantry.model.usage_period import month_of
from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.problems import BillingProblem
from tenantry.reports.bill.customer_document import CustomerDocument
from tenantry.reports.bill.documents import find_customer_document, write_documents

RATED = [name for name in NAMES if "lines" in read_case(name).expect]
CLOSED_AT = datetime(2026, 4, 4, 9, tzinfo=UTC)
AS_OF = datetime(2026, 4, 4, 6, 30, tzinfo=UTC)
IDS = {"stripe": "cus_Acme1", "quickbooks": "Acme Dental, Inc."}
EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>\u202e\x1b[31m'


def internal(name: str, /, **changes: Any) -> InternalStatement:
    """Return a golden statement; `changes` are those of its customer."""
    case = read_case(name)
    customer = replace(case.customer(), **changes)
    months = [replace(month, usage=month.usage and _count(month.usage)) for month in case.months()]
    return rate_statement(customer, months)


def _count(usage: Any) -> Any:
    return replace(usage, whole=tuple(replace(reading, as_of=AS_OF) for reading in usage.whole))


def draft(statement: InternalStatement, **changes: Any) -> BilledStatement:
    """Return a statement that is not closed."""
    billed = BilledStatement(
        customer=statement.customer.slug,
        tenant="" if statement.customer.together else statement.tenants[0].month.tenant,
        status="draft",
        statement=statement,
        currency=statement.currency,
        total=statement.total,
        problems=statement.refusals,
    )
    return replace(billed, **changes)


def close(statement: InternalStatement, number: str = "OWL-2026-000001", **changes: Any) -> BilledStatement:
    """Return a statement as the ledger has it."""
    for_customer, for_us = write_documents(replace(statement, number=number), CLOSED_AT)
    closed = replace(draft(statement), status="closed", statement=None, number=number, problems=())
    total = statement.total.scaleb(9).to_integral_value().scaleb(-9)
    return replace(closed, total=total, for_customer=for_customer, for_us=for_us, **changes)


def document_of(billed: BilledStatement) -> CustomerDocument:
    """Return what its customer sees."""
    document = find_customer_document(billed)
    assert document is not None
    return document


REFUSED = BilledStatement(
    "oak", "oak-north", "refused", problems=(BillingProblem("not_available", "oak-north", f"404 {EVIL}"),)
)
LEFT_OUT = BillingProblem("no_terms", "pine", "has no terms; write `terms`")


def bill(*statements: BilledStatement, left_out: tuple[BillingProblem, ...] = (), **changes: Any) -> Bill:
    """Return the bill of March 2026."""
    values: dict[str, Any] = {
        "stack": "prod",
        "parent": "AC" + "f" * 32,
        "period": month_of(2026, 3),
        "now": CLOSED_AT,
        "is_closing": False,
        "has_ledger": True,
    }
    return Bill(statements=statements, left_out=left_out, **values | changes)


def fleet() -> Bill:
    """Return a bill with everything on it: two closed statements, a draft that can't be closed, a refusal."""
    return bill(
        close(internal("6", ids=IDS)),
        close(internal("10a"), "OWL-2026-000002", is_new=True),
        draft(internal("17")),
        REFUSED,
        left_out=(LEFT_OUT,),
    )
