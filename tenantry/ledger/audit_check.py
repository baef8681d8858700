"""Looking chains of the audit over: was a line removed, changed, moved, or cut off at the end?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_audit import (
    START,
    AuditLine,
    ChainEnd,
    ChainOwner,
    each_line,
    end_digest,
    journal_ends,
    line_values,
    next_head,
)


def check_lines(lines: Iterable[AuditLine]) -> Iterator[tuple[ChainOwner, ChainEnd, str | None]]:
    """Yield each chain's owner, its end, and what is wrong with it; lines come chain by chain, in order."""
    for owner, chain in groupby(lines, key=lambda line: line.owner):
        yield owner, *_check_chain(owner, chain)


def audit_problems(ledger: Ledger, parent: str | None = None, tenant: str | None = None) -> tuple[str, ...]:
    """Return what is wrong with the chains of a ledger, a sentence each."""
    parents = [parent] if parent else [row[0] for row in ledger.rows("SELECT DISTINCT parent FROM retention_audit")]
    ends = journal_ends(ledger)
    if parent:
        ends = {ref: digest for ref, digest in ends.items() if _is_asked(ref, parent, tenant)}
    problems: list[str] = []
    for name in parents:
        for owner, end, problem in check_lines(each_line(ledger, name, tenant)):
            noted = ends.pop(owner.ref, None)
            if problem is not None:
                problems.append(problem)
            elif noted != end_digest(end):
                problems.append(
                    f"The audit of {owner.tenant} ends at line {end.lines}, and the journal knows another end: lines "
                    "were cut off, or added by another program."
                )
    return (*problems, *_lost_chains(ends))


def check_ends(ends: Mapping[str, ChainEnd], noted: Iterable[str], lines: Iterable[AuditLine]) -> Iterator[str]:
    """Yield which of the ends that were noted down, as `acme=12:0123456789abcdef`, the lines do not have."""
    wanted = dict(text.split("=", 1) for text in noted)
    found: set[tuple[str, str]] = {
        (line.owner.tenant, str(ChainEnd(line.number, line.head))) for line in lines if line.owner.tenant in wanted
    }
    for tenant, head in wanted.items():
        if (tenant, head) not in found:
            now = ends.get(tenant)
            has = f"ends at {now}" if now else "is not there"
            yield f"The audit of {tenant} does not have the head {head}: it {has}. Lines are missing or were changed."


def _check_chain(owner: ChainOwner, lines: Iterable[AuditLine]) -> tuple[ChainEnd, str | None]:
    end = ChainEnd(0, START)
    for line in lines:
        values = line_values(line.owner, line.number, line.run, line.entry, line.at)
        if (line.number, line.head) != (end.lines + 1, next_head(end.head, values)):
            return end, (
                f"Line {end.lines + 1} of the audit of {owner.tenant} does not follow from those before it: a line was "
                "removed, changed or moved."
            )
        end = ChainEnd(line.number, line.head)
    return end, None


def _lost_chains(ends: Mapping[str, str]) -> Iterator[str]:
    for ref in ends:
        tenant = ref.partition("/")[2]
        yield f"The audit of {tenant} is gone, and the journal knows that there was one: its lines were removed."


def _is_asked(ref: str, parent: str, tenant: str | None) -> bool:
    return ref == f"{parent}/{tenant}" if tenant else ref.startswith(f"{parent}/")
