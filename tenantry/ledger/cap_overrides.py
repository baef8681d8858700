"""Limits of caps that a person raised until a day, and how much of caps was used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.values import Row, StackRef, instant_of, quantity, stamp

_COLUMNS = "parent, stack, tenant, cap, trigger_limit, until, by, at"
_SELECT = f"SELECT id, {_COLUMNS} FROM cap_overrides"  # noqa: S608  # our own names
_READING = "parent, tenant, cap, current_value, trigger_value, read_at"


@dataclass(frozen=True)
class CapOverride:
    """A limit that holds in place of the manifest's, until an instant."""

    id: int
    stack: StackRef
    tenant: str
    cap: str
    limit: Decimal
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True)
class CapReading:
    """How much of a cap was used at some time."""

    tenant: str
    cap: str
    current_value: Decimal
    trigger_value: Decimal
    read_at: datetime


def insert_override(
    ledger: Ledger, stack: StackRef, tenant: str, cap: str, limit: Decimal, until: datetime, by: str
) -> CapOverride:
    """Raise a limit, in the transaction that is open (`writing_facts`)."""
    at = ledger.now()
    row = (stack.parent, stack.stack, tenant, cap, quantity(limit), stamp(until), by, stamp(at))
    number = ledger.insert_numbered("cap_overrides", _COLUMNS, row)
    record_fact(ledger, "cap.override", f"{stack.parent}/{tenant}/{cap}", *row)
    return CapOverride(number, stack, tenant, cap, limit, until, by, at)


def newest_override(ledger: Ledger, parent: str, tenant: str, cap: str) -> CapOverride | None:
    """Return the newest override of a cap, whether it is over or not."""
    sql = f"{_SELECT} WHERE parent = ? AND tenant = ? AND cap = ? ORDER BY id DESC LIMIT 1"
    found = ledger.row(sql, parent, tenant, cap)
    return _override_of(found) if found else None


def overrides_in_force(ledger: Ledger, parent: str) -> tuple[CapOverride, ...]:
    """Return the newest override of each cap below a parent account, where it is not over."""
    newest = "SELECT max(id) FROM cap_overrides GROUP BY parent, tenant, cap"
    sql = f"{_SELECT} WHERE parent = ? AND until > ? AND id IN ({newest}) ORDER BY tenant, cap"
    rows = ledger.rows(sql, parent, stamp(ledger.now()))
    return tuple(map(_override_of, rows))


def keep_cap_readings(ledger: Ledger, parent: str, readings: Iterable[CapReading]) -> None:
    """Keep how much of caps was used, in place of what was read before."""
    with ledger.writing():
        for reading in readings:
            ledger.run(
                f"INSERT INTO cap_readings ({_READING}) VALUES (?, ?, ?, ?, ?, ?) "  # noqa: S608
                "ON CONFLICT (parent, tenant, cap) DO UPDATE SET current_value = excluded.current_value, "
                "trigger_value = excluded.trigger_value, read_at = excluded.read_at",
                *(parent, reading.tenant, reading.cap, quantity(reading.current_value)),
                *(quantity(reading.trigger_value), stamp(reading.read_at)),
            )


def read_cap_readings(ledger: Ledger, parent: str, tenant: str | None = None) -> tuple[CapReading, ...]:
    """Return how much of each cap was used when the sweep last looked; of one tenant, or of all."""
    sql, values = f"SELECT {_READING} FROM cap_readings WHERE parent = ?", [parent]  # noqa: S608
    if tenant is not None:
        sql, values = f"{sql} AND tenant = ?", [*values, tenant]
    return tuple(
        CapReading(tenant, cap, Decimal(current), Decimal(value), instant_of(read_at))
        for _, tenant, cap, current, value, read_at in ledger.rows(f"{sql} ORDER BY tenant, cap", *values)
    )


def _override_of(row: Row) -> CapOverride:
    number, parent, stack, tenant, cap, limit, until, by, at = row
    return CapOverride(
        number, StackRef(parent, stack), tenant, cap, Decimal(limit), instant_of(until), by, instant_of(at)
    )
