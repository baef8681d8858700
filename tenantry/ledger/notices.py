"""Notices that are to be sent to our user's application: queued here with their content, sent by the receiver."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, StackRef, instant_of, optional_instant, stamp

Audience = Literal["us", "customer"]
Status = Literal["waiting", "sent", "dead"]

_COLUMNS = (
    "id, type, audience, parent, stack, tenant, customer, payload, created_at, status, attempts, next_try, sent_at, "
    "last_error"
)

_DUE = "SELECT id FROM notices WHERE status = 'waiting' AND next_try <= ?"
_LIKE = "type LIKE ? ESCAPE '\\'"
_OLDEST = "ORDER BY next_try, created_at, id LIMIT ?"


@dataclass(frozen=True)
class NewNotice:
    """What is to be sent; the payload is data for JSON, without a float."""

    type: str
    """`statement.closed`."""
    audience: Audience
    stack: StackRef
    payload: Mapping[str, Any]
    tenant: str | None = None
    customer: str | None = None


@dataclass(frozen=True)
class Notice:
    """A notice as the ledger has it."""

    id: str
    type: str
    audience: Audience
    stack: StackRef
    tenant: str | None
    customer: str | None
    payload: str
    """JSON, the same bytes at each attempt."""
    created_at: datetime
    status: Status
    attempts: int
    next_try: datetime
    sent_at: datetime | None
    last_error: str | None


def queue_notices(ledger: Ledger, notices: Iterable[NewNotice]) -> tuple[str, ...]:
    """Queue notices, all of them or none, and return their ids."""
    with ledger.writing():
        return insert_notices(ledger, notices)


def insert_notices(ledger: Ledger, notices: Iterable[NewNotice]) -> tuple[str, ...]:
    """Queue notices in the transaction that writes what they are about."""
    return tuple(_insert(ledger, notice) for notice in notices)


def claim_notices(
    ledger: Ledger, *, lease: timedelta, limit: int = 100, parent: str | None = None, types: Iterable[str] = ()
) -> tuple[Notice, ...]:
    """Take the notices that are due, the oldest first: nobody else gets them until the lease is over.

    Each claim counts as an attempt, also where its process is killed. `parent` and `types` (none is all; `cap.*` is all
    that begin so) leave out the others.
    """
    only, wanted = _restriction(parent, tuple(types))
    with ledger.writing():
        now = ledger.now()
        due = f"{_DUE} {only} {_OLDEST} {ledger.dialect.skip_locked}"
        rows = ledger.rows(
            f"UPDATE notices SET attempts = attempts + 1, next_try = ? WHERE id IN ({due}) "  # noqa: S608
            f"RETURNING {_COLUMNS}",
            stamp(now + lease),
            stamp(now),
            *wanted,
            limit,
        )
    return tuple(sorted(map(_notice_of, rows), key=lambda notice: (notice.created_at, notice.id)))


def mark_sent(ledger: Ledger, notice_id: str) -> None:
    """Remember that a notice has arrived."""
    with ledger.writing():
        ledger.run(
            "UPDATE notices SET status = 'sent', sent_at = ?, last_error = NULL WHERE id = ?",
            *(stamp(ledger.now()), notice_id),
        )


def mark_failed(ledger: Ledger, notice_id: str, error: str, *, retry_in: timedelta | None) -> None:
    """Remember that an attempt failed; with None it is dead, and only a replay sends it again."""
    with ledger.writing():
        next_try = stamp(ledger.now() + (retry_in or timedelta()))
        ledger.run(
            "UPDATE notices SET status = ?, next_try = ?, last_error = ? WHERE id = ? AND status = 'waiting'",
            *("dead" if retry_in is None else "waiting", next_try, error, notice_id),
        )


def replay_notice(ledger: Ledger, notice_id: str) -> bool:
    """Send a notice again, as soon as there is a sender; return false if there is no such notice."""
    with ledger.writing():
        changed = ledger.run(
            "UPDATE notices SET status = 'waiting', next_try = ?, sent_at = NULL WHERE id = ?",
            *(stamp(ledger.now()), notice_id),
        )
    return changed == 1


def notices_of(ledger: Ledger, parent: str, *, status: Status | None = None) -> tuple[Notice, ...]:
    """Return the notices of a parent account, the oldest first."""
    sql, values = f"SELECT {_COLUMNS} FROM notices WHERE parent = ?", [parent]  # noqa: S608
    if status is not None:
        sql, values = f"{sql} AND status = ?", [parent, status]
    return tuple(map(_notice_of, ledger.rows(f"{sql} ORDER BY created_at, id", *values)))


def count_notices(ledger: Ledger, parent: str, status: Status) -> int:
    """Return how many notices of a parent account have a status."""
    return int(ledger.rows("SELECT count(*) FROM notices WHERE parent = ? AND status = ?", parent, str(status))[0][0])


def _restriction(parent: str | None, types: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return what leaves out the notices of other parent accounts and types, and its values."""
    sql, values = "", list[str]()
    if parent is not None:
        sql, values = "AND parent = ?", [parent]
    if types:
        sql = f"{sql} AND ({' OR '.join([_LIKE] * len(types))})"
        values += [kind.replace("_", "\\_").replace("*", "%") for kind in types]
    return sql, values


def _insert(ledger: Ledger, notice: NewNotice) -> str:
    notice_id, now = f"msg_{uuid4().hex}", stamp(ledger.now())
    payload = json.dumps(notice.payload, ensure_ascii=False, separators=(",", ":"))
    whose = (notice.type, notice.audience, notice.stack.parent, notice.stack.stack, notice.tenant, notice.customer)
    ledger.insert("notices", _COLUMNS, (notice_id, *whose, payload, now, "waiting", 0, now, None, None))
    return notice_id


def _notice_of(row: Row) -> Notice:
    notice_id, kind, audience, parent, stack, tenant, customer, payload, created_at = row[:9]
    status, attempts, next_try, sent_at, last_error = row[9:]
    return Notice(
        id=notice_id,
        type=kind,
        audience=audience,
        stack=StackRef(parent, stack),
        tenant=tenant,
        customer=customer,
        payload=payload,
        created_at=instant_of(created_at),
        status=status,
        attempts=attempts,
        next_try=instant_of(next_try),
        sent_at=optional_instant(sent_at),
        last_error=last_error,
    )
