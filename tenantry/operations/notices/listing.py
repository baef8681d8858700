"""Listing notices, and sending some again."""

from collections.abc import Collection

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.notices import Notice, Status, notices_of, replay_notice
from tenantry.operations.notices.values import ListedNotice, NoticesReport


def list_notices(ledger: Ledger, parent: str, url: str | None, status: Status | None) -> NoticesReport:
    """Return the notices of a parent account, the oldest first; raises LedgerError."""
    return NoticesReport(url=url, notices=tuple(map(_describe, notices_of(ledger, parent, status=status))))


def replay_notices(ledger: Ledger, parent: str, url: str | None, ids: Collection[str]) -> NoticesReport:
    """Queue notices again: those named, or without names all that are dead; raises RefusedError, LedgerError."""
    known = {notice.id: notice for notice in notices_of(ledger, parent)}
    if unknown := [name for name in ids if name not in known]:
        raise RefusedError(
            f"There is no notice {unknown[0]} of {parent}. Nothing was written. `tenantry notices` lists them."
        )
    chosen = tuple(ids) or tuple(notice.id for notice in known.values() if notice.status == "dead")
    for name in chosen:
        replay_notice(ledger, name)
    listed = tuple(_describe(notice) for notice in notices_of(ledger, parent) if notice.id in chosen)
    return NoticesReport(url=url, notices=listed, replayed=chosen)


def _describe(notice: Notice) -> ListedNotice:
    return ListedNotice(
        id=notice.id,
        type=notice.type,
        tenant=notice.tenant,
        status=notice.status,
        created_at=notice.created_at,
        attempts=notice.attempts,
        next_try=notice.next_try if notice.status == "waiting" else None,
        last_error=notice.last_error,
    )
