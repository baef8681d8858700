"""Adjustments: amounts that a person adds to a tenant's next statement, or takes off it, with a reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import TakenRefError
from tenantry.ledger.journal import record_fact
from tenantry.ledger.values import Recorded, Row, StackRef, instant_of, stamp
from tenantry.model.money import Nano

_COLUMNS = "parent, stack, tenant, amount, currency, reason, ref, by, at"
_SELECT = f"SELECT id, {_COLUMNS}, statement FROM adjustments"  # noqa: S608  # our own names


@dataclass(frozen=True)
class NewAdjustment:
    """What a person asked for; a negative amount is in the customer's favour."""

    stack: StackRef
    tenant: str
    amount: Nano
    currency: str
    reason: str
    ref: str
    """The person's own reference: the same one is never recorded twice."""
    by: str


@dataclass(frozen=True)
class Adjustment:
    """An adjustment as the ledger has it; `statement` is the number of the one that carries it, None until then."""

    id: int
    asked: NewAdjustment
    at: datetime
    statement: str | None


def add_adjustment(ledger: Ledger, asked: NewAdjustment) -> Recorded[Adjustment]:
    """Record an adjustment; the same one again is the first one. Raises TakenRefError where another has the ref."""
    with ledger.writing_facts():
        found = ledger.row(f"{_SELECT} WHERE parent = ? AND ref = ?", asked.stack.parent, asked.ref)
        if found:
            return Recorded(_require_same(_read_adjustment(found), asked), is_new=False)
        at = ledger.now()
        stack = asked.stack
        values = (stack.parent, stack.stack, asked.tenant, asked.amount, asked.currency, asked.reason, asked.ref)
        row = (*values, asked.by, stamp(at))
        number = ledger.insert_numbered("adjustments", _COLUMNS, row)
        record_fact(ledger, "adjustment", f"{stack.parent}/{asked.ref}", *row)
    return Recorded(Adjustment(number, asked, at, None), is_new=True)


def list_open_adjustments(ledger: Ledger, stack: StackRef, tenants: Collection[str]) -> tuple[Adjustment, ...]:
    """Return the adjustments of these tenants that no statement carries yet, in the order in which they came."""
    rows = ledger.rows(
        f"{_SELECT} WHERE parent = ? AND stack = ? AND statement IS NULL ORDER BY id", stack.parent, stack.stack
    )
    return tuple(found for found in map(_read_adjustment, rows) if found.asked.tenant in tenants)


def _require_same(found: Adjustment, asked: NewAdjustment) -> Adjustment:
    first = found.asked
    if (first.tenant, first.amount, first.currency) != (asked.tenant, asked.amount, asked.currency):
        raise TakenRefError(
            f"The reference '{asked.ref}' is that of an adjustment of {first.tenant}, recorded on {found.at:%Y-%m-%d} "
            f"by {first.by}, of another amount or tenant. Nothing was written. Use a reference of its own."
        )
    return found


def _read_adjustment(row: Row) -> Adjustment:
    number, parent, stack, tenant, amount, currency, reason, ref, by, at, statement = row
    asked = NewAdjustment(StackRef(parent, stack), tenant, Nano(amount), currency, reason, ref, by)
    return Adjustment(number, asked, instant_of(at), statement)
