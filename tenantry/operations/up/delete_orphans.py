"""Deleting leftovers, when the run that comes after them has ended."""

from collections.abc import Collection, Iterable, Iterator

from tenantry.operations.up.find_orphans import Looked, in_order
from tenantry.operations.up.orphan import EndedLeftover, Leftover
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.session import Session

HELD_BACK = "something failed for {} in this run; the first `tenantry up` in which nothing does deletes it"
NOT_ACTIVE = "account {} is {} now; the first `tenantry up` that finds it active looks again"


def delete_leftovers(
    session: Session, looked: Looked, held: Collection[str], failed: Collection[str]
) -> Iterator[EndedLeftover]:
    """Delete leftovers and yield what became of each. What the state holds by now, a run has taken over: it stays.

    So does all of a tenant that failed; what is awaited there the next run may take over.
    """
    awaited = [left for left in looked.awaited if left.tenant not in failed and left.sid not in held]
    for left in in_order((*looked.leftovers, *awaited)):
        if left.sid not in held and (left not in awaited or _is_there(session, left)):
            is_held_back = left.tenant in failed
            yield _ended(left, "kept", HELD_BACK.format(left.tenant)) if is_held_back else _deleted(session, left)


def unsettled(looked: Looked, ended: Iterable[EndedLeftover], failed: Collection[str]) -> frozenset[str]:
    """Return the tenants in which something of earlier runs may still be, when leftovers were deleted."""
    there = {left.tenant for left in ended if left.result != "deleted"}
    return looked.unseen | there | {left.tenant for left in looked.awaited if left.tenant in failed}


def _is_there(session: Session, left: Leftover) -> bool:
    """Return whether the run has not deleted it itself, as it does with a key whose secret is lost."""
    try:
        session.gateway(left.kind).fetch(left.account_sid, left.sid)
    except NotFound:
        return False
    except TwilioError:
        return True  # deleting it will tell why it can't be read
    return True


def _deleted(session: Session, left: Leftover) -> EndedLeftover:
    try:
        account = session.accounts.refresh(left.account_sid)
        if account is not None and account.status not in ("active", "closed"):
            return _ended(left, "kept", NOT_ACTIVE.format(account.sid, account.status))
        if account is not None and account.status == "active":
            session.gateway(left.kind).delete(left.account_sid, left.sid)
    except NotFound:
        return _ended(left, "deleted")
    except TwilioError as error:
        return _ended(left, "failed", str(error))
    return _ended(left, "deleted")


def _ended(left: Leftover, result: str, reason: str | None = None) -> EndedLeftover:
    return EndedLeftover.model_validate({**left.model_dump(), "result": result, "reason": reason})
