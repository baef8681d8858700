"""Looking a ledger over: is it whole, do numbers and sums agree, and is it the one that it was?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tenantry.ledger.audit_check import audit_problems
from tenantry.ledger.cap_events import try_writing
from tenantry.ledger.closing import CLOSED, find_document_problem
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import DamagedLedgerError, LedgerError
from tenantry.ledger.journal import digest_fact, find_broken_entry, has_head, read_head
from tenantry.ledger.sqlite import RESTORE
from tenantry.model.money import Nano
from tenantry.text.redaction import redact

_STATEMENTS = (
    "SELECT s.number, s.currency, s.total, s.for_customer, s.for_us, s.inputs, j.digest FROM statements s "
    "LEFT JOIN journal j ON j.what = ? AND j.ref = s.number ORDER BY s.number"
)
_USES = (
    "SELECT l.id, l.ref, l.units, u.units FROM credit_uses u JOIN credit_lots l ON l.id = u.lot "
    "JOIN statements s ON s.number = u.statement WHERE s.status = 'closed' ORDER BY l.id"
)

READ_ONLY = (
    "The ledger {} can only be read from here; a write was tried and refused: {}. Commands that write will fail, such "
    "as `bill --close`, `suspend` and `serve`, until this user may write."
)


def find_problems(ledger: Ledger, *, noted: str | None = None) -> tuple[str, ...]:
    """Return what is wrong with a ledger, a sentence each.

    `noted` is a head of the journal that somebody wrote down: where the ledger does not have it, it is an older copy.
    """
    if ledger.dialect.name == "sqlite" and (damage := tuple(_find_damage(ledger))):
        return damage  # nothing else that such a file says can be trusted
    with ledger.reading():
        return (
            *_check_journal(ledger, noted),
            *_check_sequences(ledger),
            *_check_statements(ledger),
            *_check_credits(ledger),
            *_check_adjustments(ledger),
            *audit_problems(ledger),
        )


def find_write_refusal(ledger: Ledger) -> str | None:
    """Return why nothing can be written to a ledger, as a sentence; None if it can. Nothing is written."""
    try:
        with ledger.writing():
            try_writing(ledger)
    except LedgerError as error:
        cause = redact(str(error.__cause__ or error)).splitlines()[0]
        return READ_ONLY.format(ledger.address, cause)
    return None


def _find_damage(ledger: Ledger) -> Iterator[str]:
    try:
        for (found,) in ledger.rows("PRAGMA integrity_check(3)"):
            if found != "ok":
                yield f"The file is damaged: {found}. {RESTORE}"
        for table, row, other, _ in ledger.rows("PRAGMA foreign_key_check")[:3]:
            yield f"Row {row} of {table} belongs to a row of {other} that is not there. {RESTORE}"
    except DamagedLedgerError as error:
        yield str(error)


def _check_journal(ledger: Ledger, noted: str | None) -> Iterator[str]:
    entry = find_broken_entry(ledger)
    if entry is not None:
        yield f"Entry {entry} of the journal does not follow from those before it: somebody changed or removed rows."
    if noted is not None and not has_head(ledger, noted):
        yield (
            f"The journal does not have the head {noted}: this is an older copy of the ledger, or another one; its "
            f"own head is {read_head(ledger)}. What was written since is missing, and numbers of statements would be "
            "given out again."
        )


def _check_sequences(ledger: Ledger) -> Iterator[str]:
    rows = ledger.rows(
        "SELECT q.pattern, q.last, count(s.number), min(s.sequence), max(s.sequence) FROM statement_sequences q "
        "LEFT JOIN statements s ON s.pattern = q.pattern GROUP BY q.pattern, q.last ORDER BY q.pattern"
    )
    for pattern, last, number, first, highest in rows:
        if (number, first, highest) != (last, 1, last):
            yield f"The numbers {pattern} have a gap: {last} were given out, and {number} statements are there."


def _check_statements(ledger: Ledger) -> Iterator[str]:
    for number, currency, total, for_customer, for_us, inputs, digest in ledger.each_row(_STATEMENTS, CLOSED):
        if problem := find_document_problem(for_customer, number, currency, Nano(total)):
            yield f"The statement {number} contradicts itself: {problem}."
        if digest != digest_fact(for_customer, for_us, inputs, total):
            yield f"The statement {number} is not what was closed: somebody changed it."


def _check_credits(ledger: Ledger) -> Iterator[str]:
    used: defaultdict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for lot, ref, units, part in ledger.each_row(_USES):
        used[lot, ref, units] += Decimal(part)
    for (_, ref, units), total in used.items():
        if not 0 <= total <= Decimal(units):
            yield f"Of the purchase {ref} {total:f} units are used, and it had {units}."


def _check_adjustments(ledger: Ledger) -> Iterator[str]:
    for ref, number in ledger.rows(
        "SELECT a.ref, a.statement FROM adjustments a JOIN statements s ON s.number = a.statement "
        "WHERE s.status = 'void' ORDER BY a.ref"
    ):
        yield f"The adjustment {ref} is on {number}, which is void."
