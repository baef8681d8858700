"""Deleting leftovers, when the run that comes after them has ended."""

from collections.abc import Callable, Collection, Iterable, Iterator

from tenantry.model.resources import Kind
from tenantry.reports.leftovers.values import EndedLeftover, Leftover
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.session import Session

NOT_ACTIVE = "account {} is {} now; the first `tenantry up` that finds it active looks again"


def delete_leftovers(session: Session, leftovers: Iterable[Leftover], held: Collection[str]) -> Iterator[EndedLeftover]:
    """Delete leftovers and yield what became of each. What the state holds by now, a run has taken over: it stays."""
    for left in leftovers:
        if left.sid not in held:
            yield _deleted(session, left)


def _deleted(session: Session, left: Leftover) -> EndedLeftover:
    try:
        account = session.accounts.refresh(left.account_sid)
        if account is not None and account.status not in ("active", "closed"):
            return _ended(left, "kept", NOT_ACTIVE.format(account.sid, account.status))
        if account is not None and account.status == "active":
            _deleting(session, left.kind)(left.account_sid, left.sid)
    except NotFound:
        return _ended(left, "deleted")
    except TwilioError as error:
        return _ended(left, "failed", str(error))
    return _ended(left, "deleted")


def _deleting(session: Session, kind: Kind) -> Callable[[str, str], None]:
    match kind:
        case "api_key":
            return session.api_keys.delete
        case "usage_trigger":
            return session.usage_triggers.delete
        case "event_sink":
            return session.event_sinks.delete
        case "event_subscription":
            return session.event_subscriptions.delete
        case _:
            raise ValueError(f"{kind} does not live in a subaccount")


def _ended(left: Leftover, result: str, reason: str | None = None) -> EndedLeftover:
    return EndedLeftover.model_validate({**left.model_dump(), "result": result, "reason": reason})
