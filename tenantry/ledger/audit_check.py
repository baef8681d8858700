"""Looking chains of the audit over: was a line removed, changed, moved, or cut off at the end?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from tenantry.ledger.audit_breaks import accepted_places
from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_audit import START, ChainEnd, ChainOwner, each_row, end_digest, journal_ends, next_head
from tenantry.ledger.values import Row

_NUMBER, _HEAD = 2, -1
CHANGED = "Line {} of the audit of {} does not follow from those before it: a line was removed, changed or moved."
CUT = "The audit of {} ends at line {}, and the journal knows another end: lines were cut off, or others added."
GONE = "The audit of {} is gone, and the journal knows that there was one: its lines were removed."


@dataclass(frozen=True)
class Break:
    """Where a chain does not follow from itself: the line, and the head that it claims."""

    owner: ChainOwner
    place: ChainEnd
    problem: str


@dataclass(frozen=True)
class Chain:
    """A chain that was looked over, and what is wrong with it."""

    owner: ChainOwner
    end: ChainEnd
    """As its last line claims it."""
    whole: ChainEnd
    """The end before its first break; of a chain without one, its end."""
    breaks: tuple[Break, ...] = ()


def check_rows(rows: Iterable[Row]) -> Iterator[Chain]:
    """Yield each chain; rows come chain by chain, in order. After a break the rest is looked over as it stands."""
    for (parent, tenant), chain in groupby(rows, key=lambda row: row[:_NUMBER]):
        yield _check_chain(ChainOwner(parent, tenant), chain)


def find_breaks(ledger: Ledger, parent: str | None = None, tenants: Collection[str] | None = None) -> tuple[Break, ...]:
    """Return what is wrong with the chains of a ledger, or of some tenants, and what nobody has accepted.

    Call it in `Ledger.reading()`: a job that writes meanwhile would look like a break.
    """
    parents = [parent] if parent else [row[0] for row in ledger.rows("SELECT DISTINCT parent FROM retention_audit")]
    ends = {ref: digest for ref, digest in journal_ends(ledger).items() if _is_asked(ref, parent, tenants)}
    accepted, found = accepted_places(ledger), list[Break]()
    for name in parents:
        for chain in _chains(ledger, name, tenants):
            found += (*chain.breaks, *_compare_ends(chain, ends.pop(chain.owner.ref, None)))
    found += (_make_gone(ref) for ref in ends)
    return tuple(item for item in found if (item.owner, item.place) not in accepted)


def audit_problems(ledger: Ledger, parent: str | None = None, tenant: str | None = None) -> tuple[str, ...]:
    """Return what is wrong with the chains of a ledger, a sentence each, as `find_breaks` does."""
    return tuple(item.problem for item in find_breaks(ledger, parent, {tenant} if tenant else None))


def check_ends(ends: Mapping[str, ChainEnd], noted: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """Yield which of the ends that were noted down, as `acme=12:0123456789abcdef`, the lines do not have."""
    wanted = dict(text.split("=", 1) for text in noted)
    found = {(row[1], str(ChainEnd(row[_NUMBER], row[_HEAD]))) for row in rows if row[1] in wanted}
    for tenant, head in wanted.items():
        if (tenant, head) not in found:
            now = ends.get(tenant)
            has = f"ends at {now}" if now else "is not there"
            yield f"The audit of {tenant} does not have the head {head}: it {has}. Lines are missing or were changed."


def _chains(ledger: Ledger, parent: str, tenants: Collection[str] | None) -> Iterator[Chain]:
    if tenants is None:
        yield from check_rows(each_row(ledger, parent))
        return
    for tenant in sorted(tenants):
        yield from check_rows(each_row(ledger, parent, tenant))


def _check_chain(owner: ChainOwner, rows: Iterable[Row]) -> Chain:
    number, head, whole, breaks = 0, START, None, list[Break]()
    for row in rows:
        if row[_NUMBER] != number + 1 or row[_HEAD] != next_head(head, row[:_HEAD]):
            whole = whole or ChainEnd(number, head)
            place = ChainEnd(row[_NUMBER], row[_HEAD])
            breaks.append(Break(owner, place, CHANGED.format(number + 1, owner.tenant)))
        number, head = row[_NUMBER], row[_HEAD]
    end = ChainEnd(number, head)
    return Chain(owner, end, whole or end, tuple(breaks))


def _compare_ends(chain: Chain, noted: str | None) -> tuple[Break, ...]:
    if noted == end_digest(chain.end):
        return ()
    return (Break(chain.owner, chain.end, CUT.format(chain.owner.tenant, chain.end.lines)),)


def _make_gone(ref: str) -> Break:
    parent, _, tenant = ref.partition("/")
    return Break(ChainOwner(parent, tenant), ChainEnd(0, START), GONE.format(tenant))


def _is_asked(ref: str, parent: str | None, tenants: Collection[str] | None) -> bool:
    owner, _, tenant = ref.partition("/")
    return (parent is None or owner == parent) and (tenants is None or tenant in tenants)
