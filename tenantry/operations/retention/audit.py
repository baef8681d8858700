"""The audit for an auditor: verifying chains in the ledger or in a file, and exporting them as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tenantry.ledger.audit_breaks import AcceptedBreak, accept_breaks, accepted_breaks
from tenantry.ledger.audit_check import Chain, check_ends, check_rows, find_breaks
from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import read_head
from tenantry.ledger.retention_audit import (
    AuditLine,
    ChainEnd,
    ChainOwner,
    each_line,
    each_row,
    end_of_chain,
    line_of,
    row_of,
)
from tenantry.ledger.values import Row, instant_of
from tenantry.operations.errors import StoppedError
from tenantry.operations.retention.values import AuditChain, AuditReport

_KEYS: Final = (
    *("parent", "tenant", "number", "run", "event", "intent", "kind", "action", "account_sid", "sid", "record_day"),
    *("reason", "outcome", "code", "at", "head"),
)
PURGED_AFTER: Final[Mapping[str, timedelta]] = {
    "messages": timedelta(days=120),
    "media": timedelta(days=30),
    "recordings": timedelta(days=40),
}
"""So long Twilio says that something stays: in backups, or what describes a recording. Of others it says nothing."""


def verify_ledger(ledger: Ledger, parent: str, tenant: str | None = None, noted: Sequence[str] = ()) -> AuditReport:
    """Look over the chains below a parent account, or of one tenant; `noted` are ends that somebody wrote down."""
    with ledger.reading():
        rows = tuple(each_row(ledger, parent, tenant)) if noted else ()
        chains = tuple(check_rows(each_row(ledger, parent, tenant)))
        breaks = find_breaks(ledger, parent, {tenant} if tenant else None)
        accepted = tuple(map(_describe_accepted, accepted_breaks(ledger, parent, tenant)))
        head = str(read_head(ledger))
    return AuditReport(
        source=str(ledger.address),
        chains=_ends(chains, {found.owner for found in breaks}),
        problems=(*(found.problem for found in breaks), *check_ends(_end_of_each(chains), _check_ends(noted), rows)),
        accepted=accepted,
        ledger_head=head,
    )


def verify_file(file: Path, noted: Sequence[str] = ()) -> AuditReport:
    """Look over an exported file; raises StoppedError where it can't be read."""
    header, rows = _read(file)
    chains = tuple(check_rows(rows))
    ends, wanted = _end_of_each(chains), [f"{tenant}={end}" for tenant, end in header.items()]
    problems = (
        *(found.problem for chain in chains for found in chain.breaks),
        *check_ends(ends, (*wanted, *_check_ends(noted)), rows),
        *(f"The audit of {slug} is not in the first line of the file." for slug in sorted(ends.keys() - header.keys())),
    )
    described = _ends(chains, {chain.owner for chain in chains if chain.breaks})
    return AuditReport(source=str(file), chains=described, problems=tuple(dict.fromkeys(problems)))


def export_lines(ledger: Ledger, parent: str, tenant: str | None = None) -> Iterator[str]:
    """Yield the audit as lines of JSON: first the ends of all chains, then each line, chain by chain."""
    with ledger.reading():
        chains = check_rows(each_row(ledger, parent, tenant))
        ends = {chain.owner.tenant: str(chain.end) for chain in chains}
        yield json.dumps({"format": 1, "parent": parent, "ends": ends, "ledger_head": str(read_head(ledger))})
        for line in each_line(ledger, parent, tenant):
            yield json.dumps(_fields(line))


def accept_broken_audit(ledger: Ledger, parent: str, tenant: str, *, ref: str, by: str) -> AuditReport:
    """Record that the breaks of a tenant's audit were looked at, so that deletions go on; raises StoppedError."""
    with ledger.reading():
        found = find_breaks(ledger, parent, {tenant})
        lines = end_of_chain(ledger, ChainOwner(parent, tenant)).lines
        is_there = bool(lines or accepted_breaks(ledger, parent, tenant))
    if not found:
        known = f"The audit of {tenant} is whole, or its breaks are accepted" if is_there else f"{tenant} has no audit"
        raise StoppedError(f"{known}. Nothing was written.")
    accept_breaks(ledger, ((item.owner, item.place, item.problem) for item in found), ref=ref, by=by)
    return verify_ledger(ledger, parent, tenant)


def _fields(line: AuditLine) -> dict[str, Any]:
    entry = line.entry
    values = (
        *(line.owner.parent, line.owner.tenant, line.number, line.run, entry.event, entry.intent, entry.kind),
        *(entry.action, entry.account_sid, entry.sid, entry.record_day.isoformat() if entry.record_day else None),
        *(entry.reason, entry.outcome, entry.code, line.at, line.head),
    )
    return {**dict(zip(_KEYS, values, strict=True)), "purged_by": _purged_by(line)}


def _purged_by(line: AuditLine) -> str | None:
    """Return the day by which Twilio says that nothing is left anywhere; None where it says nothing, or is not gone."""
    after = PURGED_AFTER.get(line.entry.kind)
    if after is None or line.entry.outcome not in ("done", "gone"):
        return None
    return (instant_of(line.at) + after).date().isoformat()


def _read(file: Path) -> tuple[dict[str, str], tuple[Row, ...]]:
    try:
        documents = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
        header = {str(tenant): str(end) for tenant, end in documents[0]["ends"].items()}
        rows = tuple(row_of(line_of(tuple(found[key] for key in _KEYS))) for found in documents[1:])
    except OSError as error:
        raise StoppedError(f"{file} can't be read: {error.strerror}. Nothing was verified.") from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise StoppedError(
            f"{file} is no audit that `tenantry retain --export` wrote. Nothing was verified."
        ) from error
    return header, rows


def _ends(chains: Iterable[Chain], broken: Collection[ChainOwner]) -> tuple[AuditChain, ...]:
    """Return the ends of chains; of one that is broken, up to where it is whole."""
    ends = [(chain.owner.tenant, chain.whole if chain.owner in broken else chain.end) for chain in chains]
    return tuple(AuditChain(tenant=tenant, lines=end.lines, head=end.head) for tenant, end in ends)


def _end_of_each(chains: Iterable[Chain]) -> dict[str, ChainEnd]:
    return {chain.owner.tenant: chain.end for chain in chains}


def _describe_accepted(found: AcceptedBreak) -> str:
    return f"{found.problem} {found.by} accepted that on {found.at:%Y-%m-%d} ({found.ref})."


def _check_ends(noted: Iterable[str]) -> Iterator[str]:
    for text in noted:
        tenant, equals, end = text.partition("=")
        if not (tenant and equals and ":" in end):
            raise StoppedError(
                f"'{text}' is no end of an audit, such as acme=12:0123456789abcdef. Nothing was verified."
            )
        yield text
