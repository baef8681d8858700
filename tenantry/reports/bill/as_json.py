"""A bill as JSON: for us the fleet and every statement, for customers a list of their documents alone."""

import json
from typing import Any

from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.operations.billing.problems import BillingProblem
from tenantry.reports.bill.customer_document import customer_document
from tenantry.reports.bill.our_document import our_document
from tenantry.text.json_text import json_text


def as_json(bill: Bill, audience: str) -> str:
    """Return a bill as one JSON document; a closed statement is the bytes that were closed, read again."""
    if audience == "customer":
        found = (_for_customer(statement) for statement in bill.statements)
        return json_text([document for document in found if document is not None])
    return json_text(
        {
            "format": 1,
            "audience": "internal",
            "stack": bill.stack,
            "parent": bill.parent,
            "month": f"{bill.period.first:%Y-%m}",
            "totals": {currency: f"{total:f}" for currency, total in bill.totals.items()},
            "statements": [_for_us(statement) for statement in bill.statements],
            "left_out": [_problem(problem) for problem in bill.left_out],
        }
    )


def _for_customer(statement: BilledStatement) -> Any:
    if statement.for_customer is not None:
        return json.loads(statement.for_customer)
    if statement.status == "refused" or statement.statement is None:
        return None
    return customer_document(statement.statement).plain()


def _for_us(statement: BilledStatement) -> dict[str, Any]:
    return {
        "customer": statement.customer,
        "tenant": statement.tenant or None,
        "status": statement.status,
        "is_new": statement.is_new,
        "number": statement.number,
        "currency": statement.currency,
        "total": None if statement.total is None else f"{statement.total:f}",
        "problems": [_problem(problem) for problem in statement.problems],
        "notes": list(statement.notes),
        "statement": _our_document(statement),
    }


def _our_document(statement: BilledStatement) -> Any:
    if statement.for_us is not None:
        return json.loads(statement.for_us)
    return our_document(statement.statement).plain() if statement.statement else None


def _problem(problem: BillingProblem) -> dict[str, str]:
    return {"code": problem.code, "tenant": problem.tenant, "sentence": problem.sentence}
