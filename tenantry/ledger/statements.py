"""Closed statements and what corrects them, as they are read. `closing.py` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, StackRef, day_of, instant_of, optional_instant
from tenantry.model.money import Nano

COLUMNS = (
    "number, pattern, sequence, parent, stack, customer, tenant, month, status, currency, total, tax, terms_digest, "
    "terms_commit, for_customer, for_us, inputs, as_of, closed_at, void_reason, void_by, void_at"
)
_SELECT = f"SELECT {COLUMNS} FROM statements"  # noqa: S608  # our own names


@dataclass(frozen=True)
class Account:
    """A tenant's part in a statement: its account, and its first and last day in the month."""

    tenant: str
    account_sid: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Owner:
    """Whose statement of which month: a customer's, or, where each tenant has its own, also the tenant's slug."""

    stack: StackRef
    customer: str
    month: str
    """`2026-03`."""
    tenant: str = ""


@dataclass(frozen=True)
class Voiding:
    """Why a statement does not count any more."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Statement:
    """A statement as it was closed. Documents and inputs are JSON, byte for byte."""

    number: str
    pattern: str
    sequence: int
    owner: Owner
    status: Literal["closed", "void"]
    currency: str
    total: Nano
    tax: Nano
    terms_digest: str
    terms_commit: str
    for_customer: str = field(repr=False)
    for_us: str = field(repr=False)
    inputs: str = field(repr=False)
    as_of: datetime | None
    closed_at: datetime
    voiding: Voiding | None = None


@dataclass(frozen=True)
class OpenAgain:
    """A tenant's month whose statement was made void, and which no other statement has since."""

    tenant: str
    month: str
    number: str
    """Of the last void statement."""


@dataclass(frozen=True)
class Correction:
    """What a later statement, the carrier, charges or gives back for an earlier one that was rated again."""

    carrier: str
    corrected: str
    amount: Nano
    lines: str
    """JSON."""
    inputs: str
    """What it was rated with this time, JSON."""


def find_statement(ledger: Ledger, number: str) -> Statement | None:
    """Return a statement by its number, void ones too."""
    found = ledger.row(f"{_SELECT} WHERE number = ?", number)
    return read_statement(found) if found else None


def find_closed_statement(ledger: Ledger, owner: Owner) -> Statement | None:
    """Return the closed statement of a customer and month."""
    found = ledger.row(
        f"{_SELECT} WHERE parent = ? AND stack = ? AND customer = ? AND tenant = ? AND month = ? AND status = 'closed'",
        *(owner.stack.parent, owner.stack.stack, owner.customer, owner.tenant, owner.month),
    )
    return read_statement(found) if found else None


def list_closed_numbers(ledger: Ledger, stack: StackRef, month: str) -> Mapping[tuple[str, str], str]:
    """Return the number of each closed statement of a month, by customer and tenant."""
    rows = ledger.rows(
        "SELECT customer, tenant, number FROM statements WHERE parent = ? AND stack = ? AND month = ? "
        "AND status = 'closed'",
        *(stack.parent, stack.stack, month),
    )
    return {(customer, tenant): number for customer, tenant, number in rows}


def list_statements(
    ledger: Ledger, stack: StackRef, *, month: str | None = None, customer: str | None = None
) -> tuple[Statement, ...]:
    """Return the statements of a stack, of one month or customer, void ones too; by month, then number."""
    sql, values = f"{_SELECT} WHERE parent = ? AND stack = ?", [stack.parent, stack.stack]
    for name, value in (("month", month), ("customer", customer)):
        if value is not None:
            sql, values = f"{sql} AND {name} = ?", [*values, value]
    return tuple(map(read_statement, ledger.rows(f"{sql} ORDER BY month, pattern, sequence", *values)))


def find_last_closed_months(ledger: Ledger, stack: StackRef) -> Mapping[str, str]:
    """Return the last month that is closed of each tenant, on whatever statement it was."""
    rows = ledger.rows(
        "SELECT t.tenant, max(s.month) FROM statement_tenants t JOIN statements s ON s.number = t.statement "
        "WHERE s.parent = ? AND s.stack = ? AND s.status = 'closed' GROUP BY t.tenant",
        *(stack.parent, stack.stack),
    )
    return dict(rows)


def find_months_open_again(ledger: Ledger, stack: StackRef, before: str) -> tuple[OpenAgain, ...]:
    """Return each tenant's months before one that void statements left open, the oldest first."""
    rows = ledger.rows(
        "SELECT t.tenant, s.month, s.number FROM statement_tenants t JOIN statements s ON s.number = t.statement "
        "WHERE s.parent = ? AND s.stack = ? AND s.status = 'void' AND s.month < ? AND NOT EXISTS ("
        "SELECT 1 FROM statement_tenants u JOIN statements c ON c.number = u.statement WHERE u.tenant = t.tenant "
        "AND c.parent = s.parent AND c.stack = s.stack AND c.month = s.month AND c.status = 'closed') "
        "ORDER BY s.month, t.tenant, s.sequence",
        *(stack.parent, stack.stack, before),
    )
    latest = {(tenant, month): OpenAgain(tenant, month, number) for tenant, month, number in rows}
    return tuple(latest.values())


def list_accounts(ledger: Ledger, number: str) -> tuple[Account, ...]:
    """Return the tenants of a statement, by slug."""
    rows = ledger.rows(
        "SELECT tenant, account_sid, first_day, last_day FROM statement_tenants WHERE statement = ? ORDER BY tenant",
        number,
    )
    return tuple(Account(tenant, sid, day_of(first), day_of(last)) for tenant, sid, first, last in rows)


def list_closed_months(ledger: Ledger, stack: StackRef, tenant: str) -> tuple[str, ...]:
    """Return the months of a tenant that are closed, in order."""
    rows = ledger.rows(
        "SELECT DISTINCT s.month FROM statement_tenants t JOIN statements s ON s.number = t.statement "
        "WHERE t.tenant = ? AND s.parent = ? AND s.stack = ? AND s.status = 'closed' ORDER BY s.month",
        *(tenant, stack.parent, stack.stack),
    )
    return tuple(month for (month,) in rows)


def list_corrections(ledger: Ledger, number: str) -> tuple[Correction, ...]:
    """Return what corrects a statement, in order; what a void statement carried does not count."""
    rows = ledger.rows(
        "SELECT c.carrier, c.corrected, c.amount, c.lines, c.inputs FROM corrections c "
        "JOIN statements s ON s.number = c.carrier WHERE c.corrected = ? AND s.status = 'closed' "
        "ORDER BY s.month, c.carrier",
        number,
    )
    return tuple(Correction(*row) for row in rows)


def read_statement(row: Row) -> Statement:
    """Return the statement of a row of COLUMNS."""
    number, pattern, sequence, parent, stack, customer, tenant, month, status, currency, total, tax = row[:12]
    digest, commit, for_customer, for_us, inputs, as_of, closed_at, void_reason, void_by, void_at = row[12:]
    return Statement(
        number=number,
        pattern=pattern,
        sequence=sequence,
        owner=Owner(StackRef(parent, stack), customer, month, tenant),
        status=status,
        currency=currency,
        total=Nano(total),
        tax=Nano(tax),
        terms_digest=digest,
        terms_commit=commit,
        for_customer=for_customer,
        for_us=for_us,
        inputs=inputs,
        as_of=optional_instant(as_of),
        closed_at=instant_of(closed_at),
        voiding=Voiding(void_reason, void_by, instant_of(void_at)) if status == "void" else None,
    )
