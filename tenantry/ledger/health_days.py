"""Days of messages and errors as they were when they were settled: readings, of which the evidence is deleted later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import day_of, instant_of, stamp

_COUNTS = "messages, delivered, undelivered, excluded, errors, throttled"


@dataclass(frozen=True)
class HealthDay:
    """One account's day, in UTC."""

    day: date
    messages: int
    """Messages that the account sent."""
    delivered: int
    undelivered: int
    """Undelivered and failed ones, without those that are the recipient's doing."""
    excluded: int
    """Those that are the recipient's doing."""
    errors: int | None
    """Errors in the Debugger; None where nobody could know."""
    throttled: int | None
    """Those of them that say 429."""


def add_days(ledger: Ledger, parent: str, account_sid: str, tenant: str, days: Iterable[HealthDay]) -> None:
    """Keep days that are settled; what is kept of a day already stays, for its records may be gone since.

    To be called in a transaction (`ledger.writing`). Raises LedgerError.
    """
    at = stamp(ledger.now())
    for day in days:
        ledger.run(
            f"INSERT INTO health_days (parent, account_sid, tenant, day, {_COUNTS}, read_at) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (parent, account_sid, day) DO NOTHING",
            *(parent, account_sid, tenant, day.day.isoformat()),
            *(day.messages, day.delivered, day.undelivered, day.excluded, day.errors, day.throttled, at),
        )


def kept_days(ledger: Ledger, parent: str, account_sid: str, first: date, last: date) -> frozenset[date]:
    """Return which days of an account are kept, both ends included."""
    sql = "SELECT day FROM health_days WHERE parent = ? AND account_sid = ? AND day BETWEEN ? AND ?"
    return frozenset(
        day_of(day) for (day,) in ledger.rows(sql, parent, account_sid, first.isoformat(), last.isoformat())
    )


def read_days(ledger: Ledger, parent: str, first: date, last: date) -> Mapping[str, tuple[HealthDay, ...]]:
    """Return the days that are kept of each account, by SID, the first day first."""
    rows = ledger.rows(
        f"SELECT account_sid, day, {_COUNTS} FROM health_days WHERE parent = ? AND day BETWEEN ? AND ? "  # noqa: S608
        "ORDER BY account_sid, day",
        *(parent, first.isoformat(), last.isoformat()),
    )
    found: dict[str, list[HealthDay]] = {}
    for account_sid, day, *counts in rows:
        found.setdefault(account_sid, []).append(HealthDay(day_of(day), *counts))
    return {account_sid: tuple(days) for account_sid, days in found.items()}


def read_trigger_lags(ledger: Ledger, parent: str, since: datetime) -> Mapping[str, tuple[timedelta, ...]] | None:
    """Return by tenant how long Twilio's callbacks took from firing to receipt; None where a receiver has kept none."""
    rows = ledger.rows(
        "SELECT tenant, fired_at, received_at FROM cap_events "
        "WHERE parent = ? AND source = 'callback' AND tenant IS NOT NULL AND received_at >= ?",
        *(parent, stamp(since)),
    )
    if not rows and ledger.row("SELECT 1 FROM cap_events WHERE parent = ?", parent) is None:
        return None
    found: dict[str, list[timedelta]] = {}
    for tenant, fired_at, received_at in rows:
        found.setdefault(tenant, []).append(max(timedelta(), instant_of(received_at) - instant_of(fired_at)))
    return {tenant: tuple(lags) for tenant, lags in found.items()}
