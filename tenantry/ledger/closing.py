"""Closing a statement: its number, its documents, what it uses up and what it tells are one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tenantry.ledger.adjustments import list_open_adjustments
from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import CreditUse, insert_uses
from tenantry.ledger.errors import LedgerError, OutdatedError, RefusedError
from tenantry.ledger.journal import record_fact
from tenantry.ledger.notices import NewNotice, insert_notices
from tenantry.ledger.sequences import take_sequence
from tenantry.ledger.statements import (
    COLUMNS,
    Account,
    Owner,
    Statement,
    find_closed_statement,
    find_statement,
    list_corrections,
)
from tenantry.ledger.values import Recorded, optional_stamp, stamp
from tenantry.model.money import Nano, decimal_of
from tenantry.model.statement_number import text_around, write_number

CLOSED = "statement.closed"
"""What the journal calls it."""


@dataclass(frozen=True)
class NewCorrection:
    """What the statement carries of an earlier one of the same owner."""

    corrected: str
    """Its number."""
    amount: Nano
    lines: str
    """JSON."""
    inputs: str
    """JSON."""
    earlier: int = 0
    """How many corrections of that statement this one was rated after: `len(list_corrections(…))`."""


@dataclass(frozen=True)
class Closing:
    """A statement that was rated and is to be closed; amounts in `currency`, tax included in the total."""

    owner: Owner
    series: str
    """`number_series(…)`: the form of its number with all but the sequence filled in."""
    currency: str
    total: Nano
    tax: Nano
    terms_digest: str
    terms_commit: str
    inputs: str = field(repr=False)
    """JSON: the readings that were used and the effective terms, so that a correction can rate it again."""
    accounts: tuple[Account, ...]
    as_of: datetime | None = None
    adjustments: tuple[int, ...] = ()
    corrections: tuple[NewCorrection, ...] = ()
    uses: tuple[CreditUse, ...] = ()


@dataclass(frozen=True)
class Numbered:
    """What a document can't know before it is closed."""

    number: str
    closed_at: datetime


@dataclass(frozen=True)
class Documents:
    """What is closed, as JSON: `number`, `currency` and `total` (as text) stand at the top of the customer's one."""

    for_customer: str = field(repr=False)
    for_us: str = field(repr=False)
    notices: tuple[NewNotice, ...] = ()


def close_statement(ledger: Ledger, closing: Closing, write: Callable[[Numbered], Documents]) -> Recorded[Statement]:
    """Close a statement, or return the one that is closed for this owner already, as it was closed.

    `write` is called with the number, in the transaction; where it raises, nothing happened and no number is lost.
    Raises OutdatedError where what it was rated with has changed meanwhile, and LedgerError.
    """
    with ledger.writing_facts():
        before = find_closed_statement(ledger, closing.owner)
        if before:
            return Recorded(before, is_new=False)
        _require_current(ledger, closing)
        sequence, closed_at = take_sequence(ledger, text_around(closing.series)), ledger.now()
        numbered = Numbered(write_number(closing.series, sequence), closed_at)
        documents = write(numbered)
        _require_agreeing(documents, closing, numbered.number)
        _insert(ledger, closing, numbered, sequence, documents)
        statement = _find_closed(ledger, numbered.number)
    return Recorded(statement, is_new=True)


def void_statement(ledger: Ledger, number: str, *, reason: str, by: str) -> Recorded[Statement]:
    """Make a statement void: it keeps its number, and its adjustments are open again.

    Raises RefusedError where there is no such statement, or a later one corrects it.
    """
    with ledger.writing_facts():
        statement = find_statement(ledger, number)
        if statement is None:
            raise RefusedError(f"There is no statement {number} in the ledger. Nothing was written.")
        if statement.status == "void":
            return Recorded(statement, is_new=False)
        if carriers := list_corrections(ledger, number):
            raise RefusedError(
                f"{number} is corrected by {carriers[0].carrier}, which would then correct nothing. "
                f"Nothing was written. Make {carriers[0].carrier} void first."
            )
        at = stamp(ledger.now())
        ledger.run(
            "UPDATE statements SET status = 'void', void_reason = ?, void_by = ?, void_at = ? WHERE number = ?",
            *(reason, by, at, number),
        )
        ledger.run("UPDATE adjustments SET statement = NULL WHERE statement = ?", number)
        record_fact(ledger, "statement.void", number, reason, by, at)
        voided = _find_closed(ledger, number)
    return Recorded(voided, is_new=True)


def _require_current(ledger: Ledger, closing: Closing) -> None:
    owner = closing.owner
    still_open = {
        row.id for row in list_open_adjustments(ledger, owner.stack, {row.tenant for row in closing.accounts})
    }
    if not still_open.issuperset(closing.adjustments):
        raise OutdatedError(f"An adjustment of {owner.customer} is on another statement by now. {_AGAIN}")
    for correction in closing.corrections:
        corrected = find_statement(ledger, correction.corrected)
        if corrected is None or corrected.status != "closed" or not _is_same_owner(corrected.owner, owner):
            raise OutdatedError(f"{correction.corrected} is no closed statement of {owner.customer}. {_AGAIN}")
        if len(list_corrections(ledger, correction.corrected)) != correction.earlier:
            raise OutdatedError(f"{correction.corrected} was corrected by another statement meanwhile. {_AGAIN}")


_AGAIN = "Nothing was closed. Run again: it is rated with what the ledger has now."


def _is_same_owner(first: Owner, second: Owner) -> bool:
    return (first.stack, first.customer, first.tenant) == (second.stack, second.customer, second.tenant)


def _require_agreeing(documents: Documents, closing: Closing, number: str) -> None:
    """Refuse a document that says another number or amount than the ledger would."""
    if problem := find_document_problem(documents.for_customer, number, closing.currency, closing.total):
        raise LedgerError(f"The statement of {closing.owner.customer} was not closed: {problem}. Report this as a bug.")


def find_document_problem(document: str, number: str, currency: str, total: Nano) -> str | None:
    """Return in what a customer's document differs from its row; None if they agree."""
    try:
        head: Any = json.loads(document)
        says = (head["number"], head["currency"], Decimal(head["total"]))
    except (ValueError, KeyError, TypeError, InvalidOperation):
        return "its document has no number, currency and total"
    if says != (number, currency, decimal_of(total)):
        return f"its document says {says[0]}, {says[2]} {says[1]}; the ledger {number}, {decimal_of(total)} {currency}"
    return None


def _insert(ledger: Ledger, closing: Closing, numbered: Numbered, sequence: int, documents: Documents) -> None:
    owner, number = closing.owner, numbered.number
    whose = (owner.stack.parent, owner.stack.stack, owner.customer, owner.tenant, owner.month, "closed")
    amounts = (closing.currency, closing.total, closing.tax, closing.terms_digest, closing.terms_commit)
    texts = (documents.for_customer, documents.for_us, closing.inputs, optional_stamp(closing.as_of))
    row = (number, text_around(closing.series), sequence, *whose, *amounts, *texts, stamp(numbered.closed_at))
    ledger.insert("statements", COLUMNS, (*row, None, None, None))
    ledger.insert_many(
        "statement_tenants",
        "statement, tenant, account_sid, first_day, last_day",
        (
            (number, account.tenant, account.account_sid, account.first_day.isoformat(), account.last_day.isoformat())
            for account in closing.accounts
        ),
    )
    ledger.insert_many(
        "corrections",
        "carrier, corrected, amount, lines, inputs",
        ((number, row.corrected, row.amount, row.lines, row.inputs) for row in closing.corrections),
    )
    for adjustment in closing.adjustments:
        ledger.run("UPDATE adjustments SET statement = ? WHERE id = ?", number, adjustment)
    insert_uses(ledger, owner.stack, number, closing.uses)
    insert_notices(ledger, documents.notices)
    content = (documents.for_customer, documents.for_us, closing.inputs, closing.total)
    record_fact(ledger, CLOSED, number, *content)


def _find_closed(ledger: Ledger, number: str) -> Statement:
    statement = find_statement(ledger, number)
    assert statement is not None  # noqa: S101  # it was written in this transaction
    return statement
