"""Accounts that have to follow what suspensions say: asked for in the transaction that changes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.values import Row, stamp

_DUE = "SELECT tenant FROM account_tasks WHERE parent = ? AND next_try <= ? ORDER BY next_try, tenant LIMIT ?"
_COLUMNS = "parent, tenant, account_sid, asked, end_calls, attempts, last_error"


@dataclass(frozen=True)
class AccountTask:
    """An account that has to follow."""

    parent: str
    tenant: str
    account_sid: str
    asked: int
    end_calls: bool
    attempts: int
    last_error: str | None


def ask_account(ledger: Ledger, parent: str, tenant: str, account_sid: str, *, end_calls: bool = False) -> None:
    """Let an account follow as soon as there is somebody to do it, in the transaction that is open."""
    ledger.run(
        "INSERT INTO account_tasks (parent, tenant, account_sid, asked, end_calls, attempts, next_try) "
        "VALUES (?, ?, ?, 1, ?, 0, ?) ON CONFLICT (parent, tenant) DO UPDATE SET asked = account_tasks.asked + 1, "
        "account_sid = excluded.account_sid, end_calls = excluded.end_calls, next_try = excluded.next_try",
        *(parent, tenant, account_sid, int(end_calls), stamp(ledger.now())),
    )


def claim_tasks(ledger: Ledger, parent: str, *, lease: timedelta, limit: int) -> tuple[AccountTask, ...]:
    """Take accounts that are due: nobody else gets them until the lease is over."""
    with ledger.writing():
        now = ledger.now()
        due = f"{_DUE} {ledger.dialect.skip_locked}"
        rows = ledger.rows(
            "UPDATE account_tasks SET attempts = attempts + 1, next_try = ? "  # noqa: S608
            f"WHERE parent = ? AND tenant IN ({due}) RETURNING {_COLUMNS}",
            *(stamp(now + lease), parent, parent, stamp(now), limit),
        )
    return tuple(map(_task_of, rows))


def finish_task(ledger: Ledger, task: AccountTask) -> None:
    """Forget a task that was done, unless it was asked for again meanwhile."""
    with ledger.writing():
        ledger.run(
            "DELETE FROM account_tasks WHERE parent = ? AND tenant = ? AND asked = ?",
            *(task.parent, task.tenant, task.asked),
        )


def put_off_task(ledger: Ledger, task: AccountTask, error: str, retry_in: timedelta) -> None:
    """Remember that an account did not follow, and when to try again."""
    with ledger.writing():
        ledger.run(
            "UPDATE account_tasks SET last_error = ?, next_try = ? WHERE parent = ? AND tenant = ? AND asked = ?",
            *(error, stamp(ledger.now() + retry_in), task.parent, task.tenant, task.asked),
        )


def tasks_of(ledger: Ledger, parent: str) -> tuple[AccountTask, ...]:
    """Return the accounts that have not followed yet."""
    sql = f"SELECT {_COLUMNS} FROM account_tasks WHERE parent = ? ORDER BY tenant"  # noqa: S608
    return tuple(map(_task_of, ledger.rows(sql, parent)))


def _task_of(row: Row) -> AccountTask:
    parent, tenant, account_sid, asked, end_calls, attempts, last_error = row
    return AccountTask(parent, tenant, account_sid, asked, bool(end_calls), attempts, last_error)
