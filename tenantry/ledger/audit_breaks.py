"""Breaks of a tenant's audit that a person has looked at: deletions go on behind them, and they stay visible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.retention_audit import ChainEnd, ChainOwner
from tenantry.ledger.values import instant_of, stamp


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
            ledger.insert("audit_breaks", "parent, tenant, line, head, problem, ref, by, at", row)
            record_fact(ledger, "retention.break", owner.ref, *row)


def accepted_breaks(ledger: Ledger, parent: str, tenant: str | None = None) -> tuple[AcceptedBreak, ...]:
    """Return the breaks that were accepted below a parent account, or of one tenant, the oldest first."""
    rows = ledger.rows(
        "SELECT tenant, line, head, problem, ref, by, at FROM audit_breaks WHERE parent = ? ORDER BY id", parent
    )
    return tuple(
        AcceptedBreak(ChainOwner(parent, slug), ChainEnd(line, head), problem, ref, by, instant_of(at))
        for slug, line, head, problem, ref, by, at in rows
        if tenant in (None, slug)
    )


def accepted_places(ledger: Ledger) -> frozenset[tuple[ChainOwner, ChainEnd]]:
    """Return where chains are known to be broken."""
    rows = ledger.rows("SELECT parent, tenant, line, head FROM audit_breaks")
    return frozenset((ChainOwner(parent, tenant), ChainEnd(line, head)) for parent, tenant, line, head in rows)
