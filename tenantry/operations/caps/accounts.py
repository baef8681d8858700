"""Accounts follow what the ledger says of them; what fails is tried again, ever later.

follow_accounts(ledger, session, parent) -> Followed
"""

from dataclasses import dataclass
from datetime import timedelta

from tenantry.ledger.account_tasks import AccountTask, claim_tasks, finish_task, put_off_task
from tenantry.ledger.connection import Ledger
from tenantry.ledger.standing import find_standing
from tenantry.ledger.suspensions import open_suspensions
from tenantry.model.tenant_standing import parse_standing
from tenantry.operations.suspensions.account import bring_account, is_kept_suspended
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

BATCH = 20
LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Followed:
    """How many accounts were brought to what the ledger says, and of which that failed, and why."""

    done: int = 0
    failed: tuple[tuple[str, str], ...] = ()


def follow_accounts(ledger: Ledger, session: Session, parent: str) -> Followed:
    """Bring the accounts that are due to what the ledger says; raises LedgerError."""
    failed = []
    tasks = claim_tasks(ledger, parent, lease=LEASE, limit=BATCH)
    for task in tasks:
        problem = follow_task(ledger, session, task)
        if problem is None:
            finish_task(ledger, task)
        else:
            put_off_task(ledger, task, problem, min(FIRST_WAIT * 2 ** min(task.attempts - 1, 10), LONGEST_WAIT))
            failed.append((task.tenant, problem))
    return Followed(len(tasks) - len(failed), tuple(failed))


def follow_task(ledger: Ledger, session: Session, task: AccountTask) -> str | None:
    """Bring one account to what the ledger says, and return what failed; raises LedgerError."""

    def is_suspended() -> bool:
        row = find_standing(ledger, task.parent, task.account_sid)
        is_kept = row is not None and is_kept_suspended(parse_standing(row.document))
        return is_kept or bool(open_suspensions(ledger, task.parent, task.tenant))

    unended = _end_calls(session, task) if task.end_calls and is_suspended() else None
    return bring_account(session, task.account_sid, is_suspended).problem or unended


def _end_calls(session: Session, task: AccountTask) -> str | None:
    """End the calls of an account before it is suspended; return what failed, which does not keep it active."""
    try:
        session.calls_in_progress.end_all(task.account_sid)
    except TwilioError as error:
        return str(error)
    return None
