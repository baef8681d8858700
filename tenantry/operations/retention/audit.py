"""The audit for an auditor: verifying chains in the ledger or in a file, and exporting them as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tenantry.ledger.audit_check import audit_problems, check_ends, check_lines
from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import read_head
from tenantry.ledger.retention_audit import AuditLine, ChainEnd, each_line, line_of
from tenantry.ledger.values import instant_of
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
    lines = tuple(each_line(ledger, parent, tenant)) if noted else ()
    chains = _chains(each_line(ledger, parent, tenant))
    ends = {chain.tenant: ChainEnd(chain.lines, chain.head) for chain in chains}
    problems = (*audit_problems(ledger, parent, tenant), *check_ends(ends, _check_ends(noted), lines))
    return AuditReport(source=str(ledger.address), chains=chains, problems=problems, ledger_head=str(read_head(ledger)))


def verify_file(file: Path, noted: Sequence[str] = ()) -> AuditReport:
    """Look over an exported file; raises StoppedError where it can't be read."""
    header, lines = _read(file)
    chains = _chains(lines)
    ends = {chain.tenant: ChainEnd(chain.lines, chain.head) for chain in chains}
    wanted = [f"{tenant}={end}" for tenant, end in header.items()]
    problems = (
        *(problem for _, _, problem in check_lines(lines) if problem),
        *check_ends(ends, (*wanted, *_check_ends(noted)), lines),
        *(f"The audit of {slug} is not in the first line of the file." for slug in sorted(ends.keys() - header.keys())),
    )
    return AuditReport(source=str(file), chains=chains, problems=tuple(dict.fromkeys(problems)))


def export_lines(ledger: Ledger, parent: str, tenant: str | None = None) -> Iterator[str]:
    """Yield the audit as lines of JSON: first the ends of all chains, then each line, chain by chain."""
    with ledger.reading():
        ends = {chain.tenant: _end_text(chain) for chain in _chains(each_line(ledger, parent, tenant))}
        yield json.dumps({"format": 1, "parent": parent, "ends": ends, "ledger_head": str(read_head(ledger))})
        for line in each_line(ledger, parent, tenant):
            yield json.dumps(_fields(line))


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


def _read(file: Path) -> tuple[dict[str, str], tuple[AuditLine, ...]]:
    try:
        rows = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
        header = {str(tenant): str(end) for tenant, end in rows[0]["ends"].items()}
        lines = tuple(line_of(tuple(row[key] for key in _KEYS)) for row in rows[1:])
    except OSError as error:
        raise StoppedError(f"{file} can't be read: {error.strerror}. Nothing was verified.") from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise StoppedError(
            f"{file} is no audit that `tenantry retain --export` wrote. Nothing was verified."
        ) from error
    return header, lines


def _chains(lines: Iterable[AuditLine]) -> tuple[AuditChain, ...]:
    return tuple(
        AuditChain(tenant=owner.tenant, lines=end.lines, head=end.head) for owner, end, _ in check_lines(lines)
    )


def _end_text(chain: AuditChain) -> str:
    return str(ChainEnd(chain.lines, chain.head))


def _check_ends(noted: Iterable[str]) -> Iterator[str]:
    for text in noted:
        tenant, equals, end = text.partition("=")
        if not (tenant and equals and ":" in end):
            raise StoppedError(
                f"'{text}' is no end of an audit, such as acme=12:0123456789abcdef. Nothing was verified."
            )
        yield text
