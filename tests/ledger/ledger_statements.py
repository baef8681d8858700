"""Statements as tests close them, and processes that do so at the same time or are killed."""

import json
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tenantry.ledger.address import Address
from tenantry.ledger.closing import Closing, Documents, Numbered, close_statement
from tenantry.ledger.connection import Ledger
from tenantry.ledger.notices import NewNotice
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.sequences import NumberPattern
from tenantry.ledger.statements import Account, Owner, Statement
from tenantry.ledger.values import Recorded, StackRef
from tenantry.model.money import decimal_of, nano_of

STACK = StackRef("AC" + "0" * 32, "production")
PATTERN = NumberPattern("OWL-2026-{sequence}", 6)
ACCOUNT = Account("acme", "AC" + "1" * 32, date(2026, 3, 1), date(2026, 3, 31))


def closing_of(customer: str = "acme", month: str = "2026-03", **changes: Any) -> Closing:
    """Return a statement over 74.99 that may be closed."""
    closing = Closing(
        owner=Owner(STACK, customer, month),
        pattern=PATTERN,
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


def close_together(address: Address, customers: Sequence[str], barrier: Any, answers: Any) -> None:
    """Close a statement for each customer, each at the same time as another process does."""
    with open_ledger(address) as ledger:
        for customer in customers:
            barrier.wait()
            closed = close(ledger, closing_of(customer))
            answers.put((customer, closed.value.number, closed.is_new))


def close_and_die(address: Address, statement: int) -> None:
    """Close a statement and die before the n-th thing that the database is asked."""
    with open_ledger(address) as ledger:
        close(replace(ledger, connection=_Dying(ledger.connection, statement)), closing_of())


class _Dying:
    """A connection whose process is killed before a statement."""

    def __init__(self, connection: Any, statement: int) -> None:
        self.connection, self.left = connection, statement

    def execute(self, *arguments: Any) -> Any:
        self._count()
        return self.connection.execute(*arguments)

    def cursor(self) -> Any:
        self._count()
        return self.connection.cursor()

    def close(self) -> None:
        self.connection.close()

    def _count(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
