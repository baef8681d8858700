"""Breaks of a tenant's audit that a person has looked at: deletions go on behind them, and they stay visible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import digest_fact, record_fact
from tenantry.ledger.retention_audit import ChainEnd, ChainOwner
from tenantry.ledger.values import instant_of, stamp

FACT = "retention.break"
_COLUMNS = "parent, tenant, line, head, problem, ref, by, at"


@dataclass(frozen=True)
class AcceptedBreak:
    """A break, by what reference it was accepted, and who says so."""

    owner: ChainOwner
    place: ChainEnd
    """The line that does not follow, or the end that the journal does not know, and the head that is there."""
    problem: str
    ref: str
    by: str
    at: datetime


def accept_breaks(ledger: Ledger, found: Iterable[tuple[ChainOwner, ChainEnd, str]], *, ref: str, by: str) -> None:
    """Record that breaks were looked at and can't be mended."""
    with ledger.writing_facts():
        for owner, place, problem in found:
            row = (owner.parent, owner.tenant, place.lines, place.head, problem, ref, by, stamp(ledger.now()))
            ledger.insert("audit_breaks", _COLUMNS, row)
            record_fact(ledger, FACT, owner.ref, *row)


def accepted_breaks(ledger: Ledger, parent: str, tenant: str | None = None) -> tuple[AcceptedBreak, ...]:
    """Return the breaks that were accepted below a parent account, or of one tenant, the oldest first."""
    found = (item for item in _list_accepted(ledger) if item.owner.parent == parent)
    return tuple(item for item in found if tenant in (None, item.owner.tenant))


def accepted_places(ledger: Ledger) -> frozenset[tuple[ChainOwner, ChainEnd]]:
    """Return where chains are known to be broken."""
    return frozenset((item.owner, item.place) for item in _list_accepted(ledger))


def _list_accepted(ledger: Ledger) -> Iterator[AcceptedBreak]:
    """Yield what was accepted; a row that the journal does not know was put there by another program."""
    known = {digest for (digest,) in ledger.rows("SELECT digest FROM journal WHERE what = ?", FACT)}
    for row in ledger.rows(f"SELECT {_COLUMNS} FROM audit_breaks ORDER BY id"):  # noqa: S608  # our own names
        parent, tenant, line, head, problem, ref, by, at = row
        if digest_fact(*row) in known:
            owner, place = ChainOwner(parent, tenant), ChainEnd(line, head)
            yield AcceptedBreak(owner, place, problem, ref, by, instant_of(at))
