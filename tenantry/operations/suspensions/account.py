"""Bringing an account to what the ledger says: suspended while a reason holds, else active."""

from collections.abc import Callable
from dataclasses import dataclass

from tenantry.model.recorded import GONE
from tenantry.model.subaccount import ACTIVE
from tenantry.model.suspension import KEPT_STATES, Suspendable
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

SUSPENDED = "suspended"
_ROUNDS = 3


@dataclass(frozen=True)
class Brought:
    """How an account stands at Twilio, as far as it answered, and what failed."""

    status: str | None
    is_changed: bool = False
    problem: str | None = None


def is_kept_suspended(tenant: Suspendable) -> bool:
    """Return whether a manifest keeps an account suspended, whatever the ledger says."""
    return tenant.state in KEPT_STATES


def bring_account(session: Session, sid: str, is_suspended: Callable[[], bool]) -> Brought:
    """Suspend an account or make it active; a failure is a value, for what was recorded stands.

    `is_suspended` is asked again after each change: a reason that somebody else recorded meanwhile is not passed over.
    """
    status, is_changed = None, False
    try:
        status = session.subaccounts.fetch(sid).status
        for _ in range(_ROUNDS):
            wanted = SUSPENDED if is_suspended() else ACTIVE
            if status in (wanted, *GONE):
                break
            status, is_changed = session.subaccounts.update(sid, status=wanted).status, True
    except TwilioError as error:
        return Brought(status, is_changed, str(error))
    return Brought(status, is_changed)
