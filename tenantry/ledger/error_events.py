"""Errors and warnings of tenants, as Twilio sent them: readings, each once, kept for some days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, instant_of, stamp

Level = Literal["error", "warning"]
NO_TENANT = "(parent account)"
"""In place of a slug where an error is of the parent account, or of one below it that no tenant has."""

_COLUMNS = (
    "parent, tenant, account_sid, identity, level, code, message, product, resource_sid, method, url, parameters, "
    "happened_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM error_events"  # noqa: S608  # our own names


@dataclass(frozen=True)
class ErrorEvent:
    """An error or a warning in a tenant's account."""

    parent: str
    tenant: str
    account_sid: str
    identity: str
    """The SID that Twilio gave it: the same in an event of Event Streams and in a request of the Console's webhook."""
    level: Level
    code: str
    """Twilio's code in digits; empty where it gave none."""
    message: str
    product: str | None
    resource_sid: str | None
    method: str | None
    url: str | None
    """Whose URL failed."""
    parameters: str | None
    """What Twilio sent to it, as JSON."""
    happened_at: datetime


@dataclass(frozen=True)
class CodeCount:
    """How often a tenant had a code, in some time."""

    tenant: str
    code: str
    level: Level
    count: int
    first: datetime
    last: datetime


def insert_errors(ledger: Ledger, events: Iterable[ErrorEvent]) -> set[tuple[str, str]]:
    """Keep events in the transaction that is open; return the account and identity of each that was new."""
    at = stamp(ledger.now())
    rows = [
        (
            *(event.parent, event.tenant, event.account_sid, event.identity, event.level, event.code, event.message),
            *(event.product, event.resource_sid, event.method, event.url, event.parameters),
            *(stamp(event.happened_at), at),
        )
        for event in events
    ]
    added = ledger.insert_missing("error_events", f"{_COLUMNS}, received_at", "account_sid, identity", rows)
    return {(account_sid, identity) for account_sid, identity in added}


def count_codes(ledger: Ledger, parent: str, since: datetime, until: datetime) -> tuple[CodeCount, ...]:
    """Return how often each tenant had each code from one instant to before another."""
    sql = (
        "SELECT tenant, code, level, count(*), min(happened_at), max(happened_at) FROM error_events "
        "WHERE parent = ? AND happened_at >= ? AND happened_at < ? GROUP BY tenant, code, level "
        "ORDER BY tenant, code, level"
    )
    return tuple(
        CodeCount(tenant, code, level, int(count), instant_of(first), instant_of(last))
        for tenant, code, level, count, first, last in ledger.rows(sql, parent, stamp(since), stamp(until))
    )


def list_errors_since(ledger: Ledger, parent: str, since: datetime) -> Mapping[str, tuple[tuple[datetime, str], ...]]:
    """Return when each account had which error since an instant, by SID, the newest first.

    Of accounts alone of which an event came before that instant: of the others nobody knows whether they were told of.
    """
    known = {
        account_sid: list[tuple[datetime, str]]()
        for (account_sid,) in ledger.rows(
            "SELECT account_sid FROM error_events WHERE parent = ? GROUP BY account_sid HAVING min(received_at) <= ?",
            *(parent, stamp(since)),
        )
    }
    rows = ledger.each_row(
        "SELECT account_sid, happened_at, code FROM error_events "
        "WHERE parent = ? AND level = 'error' AND happened_at >= ? ORDER BY happened_at DESC, id DESC",
        *(parent, stamp(since)),
    )
    for account_sid, happened_at, code in rows:
        if account_sid in known:
            known[account_sid].append((instant_of(happened_at), code))
    return {account_sid: tuple(found) for account_sid, found in known.items()}


def first_seen(ledger: Ledger, parent: str) -> Mapping[tuple[str, str], datetime]:
    """Return when each tenant had each code first, of all that is kept."""
    sql = "SELECT tenant, code, min(happened_at) FROM error_events WHERE parent = ? GROUP BY tenant, code"
    return {(tenant, code): instant_of(first) for tenant, code, first in ledger.rows(sql, parent)}


def newest_error(ledger: Ledger, parent: str, tenant: str, code: str) -> ErrorEvent | None:
    """Return the newest event of a tenant's code."""
    sql = f"{_SELECT} WHERE parent = ? AND tenant = ? AND code = ? ORDER BY happened_at DESC, id DESC LIMIT 1"
    found = ledger.row(sql, parent, tenant, code)
    return _event_of(found) if found else None


def delete_errors(ledger: Ledger, parent: str, before: datetime, but_of: Collection[str], limit: int) -> int:
    """Delete the oldest events before an instant, except of some tenants; return how many were deleted."""
    spared = f" AND tenant NOT IN ({', '.join('?' * len(but_of))})" if but_of else ""
    old = f"SELECT id FROM error_events WHERE parent = ? AND happened_at < ?{spared} ORDER BY happened_at LIMIT ?"  # noqa: S608
    with ledger.writing():
        sql = f"DELETE FROM error_events WHERE id IN ({old})"  # noqa: S608
        return ledger.run(sql, parent, stamp(before), *but_of, limit)


def _event_of(row: Row) -> ErrorEvent:
    texts: tuple[Any, ...] = row[:-1]
    return ErrorEvent(*(*texts, instant_of(row[-1])))
