"""Statements as tests close them."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tenantry.ledger.closing import Closing, Documents, Numbered, close_statement
from tenantry.ledger.connection import Ledger
from tenantry.ledger.notices import NewNotice
from tenantry.ledger.statements import Account, Owner, Statement
from tenantry.ledger.values import Recorded, StackRef
from tenantry.model.money import decimal_of, nano_of

STACK = StackRef("AC" + "0" * 32, "production")
SERIES = "OWL-2026-{sequence:06}"
ACCOUNT = Account("acme", "AC" + "1" * 32, date(2026, 3, 1), date(2026, 3, 31))


def closing_of(customer: str = "acme", month: str = "2026-03", **changes: Any) -> Closing:
    """Return a statement over 74.99 that may be closed."""
    closing = Closing(
        owner=Owner(STACK, customer, month),
        series=SERIES,
        currency="usd",
        total=nano_of(Decimal("74.99")),
        tax=nano_of(0),
        terms_digest="d1",
        terms_commit="c0ffee",
        inputs='{"terms": {}}',
        accounts=(replace(ACCOUNT, tenant=customer),),
    )
    return replace(closing, **changes)


def documents_of(closing: Closing, numbered: Numbered) -> Documents:
    """Return what a statement says, and the notice of it."""
    head = {"number": numbered.number, "currency": closing.currency, "total": str(decimal_of(closing.total))}
    notice = NewNotice("statement.closed", "customer", STACK, head, customer=closing.owner.customer)
    return Documents(json.dumps(head), json.dumps({**head, "cost": "1.00"}), (notice,))


def close(ledger: Ledger, closing: Closing) -> Recorded[Statement]:
    """Close a statement as billing does."""
    return close_statement(ledger, closing, lambda numbered: documents_of(closing, numbered))
