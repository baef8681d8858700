"""Deleting orphans, when the run that comes after them has ended."""

from collections.abc import Collection, Iterable, Iterator

from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.state.deployment import list_held_ids
from tenantry.operations.recovery.orphans import EndedLeftover, Orphan, OrphanSearch, sort_for_deletion
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.session import Session

HELD_BACK = "something failed for {} in this run; the first `tenantry up` in which nothing does deletes it"
NOT_ACTIVE = "account {} is {} now; the first `tenantry up` that finds it active looks again"
STATE_UNREAD = "the state could not be read: {}; run again"


def delete_after_run(
    project: Project, session: Session | None, found: OrphanSearch, failed: Collection[str]
) -> tuple[EndedLeftover, ...]:
    """Delete what a search before the run found, less what the run has taken over; return what became of each."""
    if session is None or not (found.orphans or found.awaited):
        return ()
    try:
        held = list_held_ids(export_state(project))
    except CommandError as error:
        reason = STATE_UNREAD.format(error)
        return tuple(EndedLeftover(**orphan.model_dump(), result="failed", reason=reason) for orphan in found.orphans)
    return tuple(delete_orphans(session, found, held, failed))


def delete_orphans(
    session: Session, found: OrphanSearch, held: Collection[str], failed: Collection[str]
) -> Iterator[EndedLeftover]:
    """Delete orphans and yield what became of each. What the state holds by now, a run has taken over: it stays.

    So does all of a tenant that failed; what is awaited there the next run may take over.
    """
    awaited = [orphan for orphan in found.awaited if orphan.tenant not in failed and orphan.sid not in held]
    for orphan in sort_for_deletion((*found.orphans, *awaited)):
        if orphan.sid not in held and (orphan not in awaited or _exists(session, orphan)):
            is_held_back = orphan.tenant in failed
            yield _end(orphan, "kept", HELD_BACK.format(orphan.tenant)) if is_held_back else _delete(session, orphan)


def find_unsettled(found: OrphanSearch, ended: Iterable[EndedLeftover], failed: Collection[str]) -> frozenset[str]:
    """Return the tenants in which something of earlier runs may still be, when orphans were deleted."""
    remaining = {orphan.tenant for orphan in ended if orphan.result != "deleted"}
    return found.unseen | remaining | {orphan.tenant for orphan in found.awaited if orphan.tenant in failed}


def _exists(session: Session, orphan: Orphan) -> bool:
    """Return whether the run has not deleted it itself, as it does with a key whose secret is lost."""
    try:
        session.gateway(orphan.kind).fetch(orphan.account_sid, orphan.sid)
    except NotFound:
        return False
    except TwilioError:
        return True  # deleting it will say why it can't be read
    return True


def _delete(session: Session, orphan: Orphan) -> EndedLeftover:
    try:
        account = session.accounts.refresh(orphan.account_sid)
        if account is not None and account.status not in ("active", "closed"):
            return _end(orphan, "kept", NOT_ACTIVE.format(account.sid, account.status))
        if account is not None and account.status == "active":
            session.gateway(orphan.kind).delete(orphan.account_sid, orphan.sid)
    except NotFound:
        return _end(orphan, "deleted")
    except TwilioError as error:
        return _end(orphan, "failed", str(error))
    return _end(orphan, "deleted")


def _end(orphan: Orphan, result: str, reason: str | None = None) -> EndedLeftover:
    return EndedLeftover.model_validate({**orphan.model_dump(), "result": result, "reason": reason})
