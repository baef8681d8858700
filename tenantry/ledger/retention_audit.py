"""The audit of retention: a chain of lines for each tenant, an intent before each call and its result after it.

Each line's head is a digest of the head before it and of the line, so nobody can remove, change or move one unseen.
What was cut off at the end is noticed by the journal, which has the end of each chain. There is no body, number or
name in it: records are SIDs and days, a person is a digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tenantry.ledger.connection import Bound, Ledger
from tenantry.ledger.journal import digest_fact, record_fact
from tenantry.ledger.values import Row, day_of, stamp
from tenantry.model.record_kind import RecordAction

FACT = "retention"
START = "0" * 64
Event = Literal["intent", "result"]
Outcome = Literal["done", "gone", "unfinished", "refused", "lost", "not_sent", "still_there"]
_COLUMNS = (
    "parent, tenant, number, run, event, intent, kind, action, account_sid, sid, record_day, reason, outcome, code, at"
)


@dataclass(frozen=True)
class ChainOwner:
    """Whose chain: the parent account and the tenant."""

    parent: str
    tenant: str

    @property
    def ref(self) -> str:
        return f"{self.parent}/{self.tenant}"


@dataclass(frozen=True)
class AuditEntry:
    """What a line says. `kind` is that of the record, or `media`; `reason` is the rule: `older than 30 days`."""

    event: Event
    kind: str
    action: RecordAction
    account_sid: str
    sid: str
    record_day: date | None
    reason: str
    intent: int | None = None
    """Of a result, the number of the line with its intent."""
    outcome: Outcome | None = None
    code: int | None = None
    """Twilio's error code, of a result that has one."""


@dataclass(frozen=True)
class AuditLine:
    """A line as the ledger has it."""

    owner: ChainOwner
    number: int
    run: str
    entry: AuditEntry
    at: str
    head: str


@dataclass(frozen=True)
class ChainEnd:
    """How many lines a tenant's chain has, and the head of the last one."""

    lines: int
    head: str

    def __str__(self) -> str:
        return f"{self.lines}:{self.head[:16]}"


def append_audit(ledger: Ledger, owner: ChainOwner, run: str, entries: Sequence[AuditEntry]) -> tuple[AuditLine, ...]:
    """Add lines to a tenant's chain, in the transaction that is open (`writing_facts`), and return them."""
    if not entries:
        return ()
    end, at = end_of_chain(ledger, owner), stamp(ledger.now())
    lines = []
    for entry in entries:
        number = end.lines + 1
        head = next_head(end.head, line_values(owner, number, run, entry, at))
        lines.append(AuditLine(owner, number, run, entry, at, head))
        end = ChainEnd(number, head)
    ledger.insert_many("retention_audit", f"{_COLUMNS}, head", map(row_of, lines))
    record_fact(ledger, FACT, owner.ref, end.lines, end.head)
    return tuple(lines)


def end_of_chain(ledger: Ledger, owner: ChainOwner) -> ChainEnd:
    """Return the end of a tenant's chain."""
    found = ledger.row(
        "SELECT number, head FROM retention_audit WHERE parent = ? AND tenant = ? ORDER BY number DESC LIMIT 1",
        *(owner.parent, owner.tenant),
    )
    return ChainEnd(*found) if found else ChainEnd(0, START)


def open_intents(ledger: Ledger, owner: ChainOwner, after: int = 0) -> tuple[AuditLine, ...]:
    """Return the intents, after a line, of which no result is known: the run that wrote them was killed."""
    rows = ledger.rows(
        f"SELECT {_COLUMNS}, head FROM retention_audit a WHERE parent = ? AND tenant = ? AND number > ? "  # noqa: S608
        "AND event = 'intent' AND NOT EXISTS (SELECT 1 FROM retention_audit r WHERE r.parent = a.parent "
        "AND r.tenant = a.tenant AND r.intent = a.number) ORDER BY number",
        *(owner.parent, owner.tenant, after),
    )
    return tuple(map(line_of, rows))


def count_deleted(ledger: Ledger, owner: ChainOwner, reason: str) -> dict[str, int]:
    """Return how much was deleted of a tenant for a reason, or one that begins with it, by kind."""
    rows = ledger.rows(
        "SELECT kind, count(DISTINCT sid || reason) FROM retention_audit WHERE parent = ? AND tenant = ? "
        "AND event = 'result' AND outcome IN ('done', 'gone') AND substr(reason, 1, ?) = ? GROUP BY kind ORDER BY kind",
        *(owner.parent, owner.tenant, len(reason), reason),
    )
    return dict(rows)


def each_line(ledger: Ledger, parent: str, tenant: str | None = None) -> Iterator[AuditLine]:
    """Yield the lines of a tenant, or of all below a parent account, chain by chain."""
    return map(line_of, each_row(ledger, parent, tenant))


def each_row(ledger: Ledger, parent: str, tenant: str | None = None) -> Iterator[Row]:
    """Yield the lines as rows: their values in the order of the columns, then the head."""
    sql, values = f"SELECT {_COLUMNS}, head FROM retention_audit WHERE parent = ?", [parent]  # noqa: S608
    if tenant is not None:
        sql, values = f"{sql} AND tenant = ?", [*values, tenant]
    return ledger.each_row(f"{sql} ORDER BY tenant, number", *values)


def journal_ends(ledger: Ledger) -> dict[str, str]:
    """Return what the journal has of the end of each chain, by the owner's `ref`: the digest of its newest entry."""
    rows = ledger.rows(
        "SELECT j.ref, j.digest FROM journal j JOIN (SELECT ref, max(number) AS last FROM journal WHERE what = ? "
        "GROUP BY ref) e ON e.last = j.number ORDER BY j.ref",
        FACT,
    )
    return dict(rows)


def end_digest(end: ChainEnd) -> str:
    """Return what the journal has of a chain that ends so."""
    return digest_fact(end.lines, end.head)


def row_of(line: AuditLine) -> Row:
    """Return the row that holds a line."""
    return (*line_values(line.owner, line.number, line.run, line.entry, line.at), line.head)


def line_values(owner: ChainOwner, number: int, run: str, entry: AuditEntry, at: str) -> tuple[Bound, ...]:
    """Return the values of a line in the order of its columns: what its head is a digest of."""
    return (
        *(owner.parent, owner.tenant, number, run, entry.event, entry.intent, entry.kind, entry.action),
        *(entry.account_sid, entry.sid, entry.record_day.isoformat() if entry.record_day else None, entry.reason),
        *(entry.outcome, entry.code, at),
    )


def next_head(head: str, values: Iterable[Bound]) -> str:
    """Return the head of a line with these values, after the line with that head."""
    return hashlib.sha256(json.dumps([head, *values]).encode()).hexdigest()


def line_of(row: Row) -> AuditLine:
    """Return the line that a row holds."""
    parent, tenant, number, run, event, intent, kind, action, account_sid, sid, day, reason, outcome, code, at, head = (
        row
    )
    entry = AuditEntry(
        event=event,
        kind=kind,
        action=action,
        account_sid=account_sid,
        sid=sid,
        record_day=day_of(day) if day else None,
        reason=reason,
        intent=intent,
        outcome=outcome,
        code=code,
    )
    return AuditLine(ChainOwner(parent, tenant), number, run, entry, at, head)
