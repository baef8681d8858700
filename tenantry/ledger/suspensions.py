"""Suspensions as the ledger has them: one open row for each reason of a tenant; lifting one never lifts another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.notices import NewNotice, insert_notices
from tenantry.ledger.values import Recorded, Row, StackRef, instant_of, optional_instant, optional_stamp, stamp
from tenantry.model.suspension import Suspended, SuspensionReason

_COLUMNS = "parent, stack, tenant, account_sid, reason, since, until, ref, by, at"
_SELECT = f"SELECT id, {_COLUMNS}, lifted_at, lifted_by FROM suspensions"  # noqa: S608  # our own names

MakeNotices = Callable[["Suspension", "tuple[Suspension, ...]"], Iterable[NewNotice]]
"""Returns the notices of a change, from the row as it then is and the reasons that held before it."""


@dataclass(frozen=True)
class NewSuspension:
    """Why a tenant's account is to be suspended."""

    stack: StackRef
    tenant: str
    account_sid: str
    reason: SuspensionReason
    ref: str
    by: str
    since: datetime | None = None
    """None: now, by the ledger's clock."""
    until: datetime | None = None
    """When it is meant to end; only `lift_suspension` ends it."""


@dataclass(frozen=True)
class Suspension:
    """A suspension as the ledger has it; open until it is lifted."""

    id: int
    stack: StackRef
    tenant: str
    account_sid: str
    reason: SuspensionReason
    since: datetime
    until: datetime | None
    ref: str
    by: str
    at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    @property
    def span(self) -> Suspended:
        return Suspended(self.reason, self.since, self.lifted_at)


def _make_no_notices(_: Suspension, __: tuple[Suspension, ...]) -> Iterable[NewNotice]:
    return ()


def add_suspension(
    ledger: Ledger, asked: NewSuspension, make_notices: MakeNotices = _make_no_notices
) -> Recorded[Suspension]:
    """Record a reason, and queue its notices; where it holds already, the row that is open stays as it is."""
    with ledger.writing_facts():
        return insert_suspension(ledger, asked, make_notices)


def insert_suspension(
    ledger: Ledger, asked: NewSuspension, make_notices: MakeNotices = _make_no_notices
) -> Recorded[Suspension]:
    """Do what `add_suspension` does in the transaction that is open (`writing_facts`)."""
    parent, tenant = asked.stack.parent, asked.tenant
    found = _open(ledger, parent, tenant, asked.reason)
    if found:
        return Recorded(found, is_new=False)
    at = ledger.now()
    since = asked.since or at
    whose = (parent, asked.stack.stack, tenant, asked.account_sid, asked.reason)
    row = (*whose, stamp(since), optional_stamp(asked.until), asked.ref, asked.by, stamp(at))
    before = open_suspensions(ledger, parent, tenant)
    number = ledger.insert_numbered("suspensions", _COLUMNS, row)
    record_fact(ledger, "suspension", f"{parent}/{tenant}", *row)
    added = _suspension_of((number, *row, None, None))
    insert_notices(ledger, make_notices(added, before))
    return Recorded(added, is_new=True)


def lift_suspension(
    ledger: Ledger,
    parent: str,
    tenant: str,
    reason: SuspensionReason,
    *,
    by: str,
    make_notices: MakeNotices = _make_no_notices,
) -> Suspension | None:
    """End the reason now, queue its notices, and return it as it was lifted; None where it does not hold."""
    with ledger.writing_facts():
        return end_suspension(ledger, parent, tenant, reason, by=by, make_notices=make_notices)


def end_suspension(
    ledger: Ledger,
    parent: str,
    tenant: str,
    reason: SuspensionReason,
    *,
    by: str,
    make_notices: MakeNotices = _make_no_notices,
) -> Suspension | None:
    """Do what `lift_suspension` does in the transaction that is open (`writing_facts`)."""
    found = _open(ledger, parent, tenant, reason)
    if found is None:
        return None
    before, at = open_suspensions(ledger, parent, tenant), stamp(ledger.now())
    ledger.run("UPDATE suspensions SET lifted_at = ?, lifted_by = ? WHERE id = ?", at, by, found.id)
    record_fact(ledger, "suspension.lifted", f"{parent}/{tenant}", found.id, reason, at, by)
    lifted = replace(found, lifted_at=instant_of(at), lifted_by=by)
    insert_notices(ledger, make_notices(lifted, before))
    return lifted


def open_suspensions(ledger: Ledger, parent: str, tenant: str | None = None) -> tuple[Suspension, ...]:
    """Return the reasons that hold, of a tenant or of all below a parent account, the newest last."""
    sql, values = f"{_SELECT} WHERE parent = ? AND lifted_at IS NULL", [parent]
    if tenant is not None:
        sql, values = f"{sql} AND tenant = ?", [*values, tenant]
    return tuple(map(_suspension_of, ledger.rows(f"{sql} ORDER BY tenant, since, id", *values)))


def suspensions_of(ledger: Ledger, parent: str, tenant: str) -> tuple[Suspension, ...]:
    """Return every suspension that a tenant ever had, the newest last; `suspended_days` takes their spans."""
    rows = ledger.rows(f"{_SELECT} WHERE parent = ? AND tenant = ? ORDER BY since, id", parent, tenant)
    return tuple(map(_suspension_of, rows))


def every_suspension(ledger: Ledger, parent: str) -> tuple[Suspension, ...]:
    """Return every suspension of every tenant below a parent account, by tenant, the newest last."""
    return tuple(map(_suspension_of, ledger.rows(f"{_SELECT} WHERE parent = ? ORDER BY tenant, since, id", parent)))


def _open(ledger: Ledger, parent: str, tenant: str, reason: SuspensionReason) -> Suspension | None:
    row = ledger.row(
        f"{_SELECT} WHERE parent = ? AND tenant = ? AND reason = ? AND lifted_at IS NULL", parent, tenant, reason
    )
    return _suspension_of(row) if row else None


def _suspension_of(row: Row) -> Suspension:
    number, parent, stack, tenant, sid, reason, since, until, ref, by, at, lifted_at, lifted_by = row
    return Suspension(
        id=number,
        stack=StackRef(parent, stack),
        tenant=tenant,
        account_sid=sid,
        reason=reason,
        since=instant_of(since),
        until=optional_instant(until),
        ref=ref,
        by=by,
        at=instant_of(at),
        lifted_at=optional_instant(lifted_at),
        lifted_by=lifted_by,
    )
