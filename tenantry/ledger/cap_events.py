"""Usage triggers that fired: kept before they are answered, each once, and what was decided about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, instant_of, optional_instant, optional_stamp, quantity, stamp

SHADOW = "shadow:"
"""What the identity of an event begins with that a receiver only looks at."""
Source = Literal["callback", "sweep"]
EventStatus = Literal["waiting", "awaiting", "holding", "done"]

_NEW = (
    "identity, parent, account_sid, trigger_sid, category, trigger_by, trigger_value, recurring, current_value, "
    "fired_at, source, received_at, status"
)
_COLUMNS = f"id, {_NEW}, tenant, cap, until, outcome, decided_at"
_SELECT = f"SELECT {_COLUMNS} FROM cap_events"  # noqa: S608  # our own names
_MATCHES = {True: "LIKE", False: "NOT LIKE"}
"""How an event's identity is compared with SHADOW where those are wanted that are only looked at, or the others."""
_WAITING = "FROM cap_events WHERE parent = ? AND status = 'waiting' AND identity {} ?"
# Accounts have their turns among the oldest 200: to sort more would cost more than to decide about them.
_TURNS = (
    "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY account_sid ORDER BY id) AS turn FROM "  # noqa: S608
    f"(SELECT id, account_sid {_WAITING} ORDER BY id LIMIT 200) AS oldest) AS turns ORDER BY turn, id LIMIT ?"
)


@dataclass(frozen=True)
class NewCapEvent:
    """A trigger that fired, as a callback reported it or a sweep found it."""

    identity: str
    """The trigger and its period, the same whoever noticed it."""
    parent: str
    account_sid: str
    trigger_sid: str
    category: str
    trigger_by: str
    trigger_value: Decimal
    recurring: str
    current_value: Decimal
    fired_at: datetime
    source: Source


@dataclass(frozen=True)
class CapEvent(NewCapEvent):
    """A trigger that fired, as the ledger has it."""

    id: int
    received_at: datetime
    status: EventStatus
    tenant: str | None
    cap: str | None
    """The name of the entry, once it was decided."""
    until: datetime | None
    """When its period is over."""
    outcome: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Decision:
    """What came of an event."""

    status: EventStatus
    outcome: str
    tenant: str | None = None
    cap: str | None = None
    until: datetime | None = None


def insert_events(ledger: Ledger, events: Iterable[NewCapEvent]) -> set[str]:
    """Keep events in the transaction that is open, and return the identities that were new."""
    at = stamp(ledger.now())
    rows = [
        (
            *(event.identity, event.parent, event.account_sid, event.trigger_sid, event.category, event.trigger_by),
            *(quantity(event.trigger_value), event.recurring, quantity(event.current_value), stamp(event.fired_at)),
            *(event.source, at, "waiting"),
        )
        for event in events
    ]
    return {identity for (identity,) in ledger.insert_missing("cap_events", _NEW, "identity", rows)}


def try_writing(ledger: Ledger) -> None:
    """Change nothing in the transaction that is open, but fail where a change would: a file may be read-only."""
    ledger.run("DELETE FROM cap_events WHERE 1 = 0")


def keep_events(ledger: Ledger, events: Iterable[NewCapEvent]) -> int:
    """Keep events, all of them or none, and return how many were new."""
    with ledger.writing():
        return len(insert_events(ledger, events))


def waiting_events(ledger: Ledger, parent: str, limit: int, *, shadow: bool = False) -> tuple[CapEvent, ...]:
    """Return events that nobody has decided, each account's oldest first, so that none waits for all of another's.

    With `shadow` those that are only looked at, else the others.
    """
    sql = f"{_SELECT} WHERE id IN ({_TURNS.format(_MATCHES[shadow])}) ORDER BY id"
    return tuple(map(_event_of, ledger.rows(sql, parent, f"{SHADOW}%", limit)))


def has_waiting_events(ledger: Ledger, parent: str, *, shadow: bool = False) -> bool:
    """Return whether there is an event that nobody has decided."""
    return ledger.row(f"SELECT 1 {_WAITING.format(_MATCHES[shadow])} LIMIT 1", parent, f"{SHADOW}%") is not None


def find_events(ledger: Ledger, parent: str, status: EventStatus, tenant: str | None = None) -> tuple[CapEvent, ...]:
    """Return the events of a status, the oldest first; of one tenant, or of all."""
    sql, values = f"{_SELECT} WHERE parent = ? AND status = ?", [parent, str(status)]
    if tenant is not None:
        sql, values = f"{sql} AND tenant = ?", [*values, tenant]
    return tuple(map(_event_of, ledger.rows(f"{sql} ORDER BY id", *values)))


def has_event(ledger: Ledger, identity: str) -> bool:
    """Return whether an event was kept."""
    return ledger.row("SELECT 1 FROM cap_events WHERE identity = ?", identity) is not None


def count_events(ledger: Ledger, parent: str, status: EventStatus) -> int:
    """Return how many events have a status."""
    return int(
        ledger.rows("SELECT count(*) FROM cap_events WHERE parent = ? AND status = ?", parent, str(status))[0][0]
    )


def settle_event(ledger: Ledger, event: CapEvent, decision: Decision) -> None:
    """Write what came of an event, in the transaction that does it."""
    ledger.run(
        "UPDATE cap_events SET status = ?, outcome = ?, tenant = ?, cap = ?, until = ?, decided_at = ? WHERE id = ?",
        *(str(decision.status), decision.outcome, decision.tenant, decision.cap, optional_stamp(decision.until)),
        *(stamp(ledger.now()), event.id),
    )


def _event_of(row: Row) -> CapEvent:
    number, identity, parent, account_sid, trigger_sid, category, trigger_by, value, recurring, current = row[:10]
    fired_at, source, received_at, status, tenant, cap, until, outcome, decided_at = row[10:]
    return CapEvent(
        identity=identity,
        parent=parent,
        account_sid=account_sid,
        trigger_sid=trigger_sid,
        category=category,
        trigger_by=trigger_by,
        trigger_value=Decimal(value),
        recurring=recurring,
        current_value=Decimal(current),
        fired_at=instant_of(fired_at),
        source=source,
        id=number,
        received_at=instant_of(received_at),
        status=status,
        tenant=tenant,
        cap=cap,
        until=optional_instant(until),
        outcome=outcome,
        decided_at=optional_instant(decided_at),
    )
