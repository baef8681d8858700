"""Findings of one cause as one group: a field that somebody changed in 300 tenants is one thing to look at, not 300."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tenantry.reports.drift.rules import SEVERITY, settle
from tenantry.reports.drift.values import Difference, Finding, Group, Severity

SEVERITIES: tuple[Severity, ...] = ("high", "low", "note")
_KINDS = tuple(SEVERITY)
_SID = re.compile(r"\b([A-Z]{2})[0-9a-f]{32}\b")
_BY_REASON = frozenset({"unreadable", "ignored", "not_applied", "suspended_by_twilio"})
"""Kinds whose reason is a part of the cause; with the others it tells of the single object."""

Cause = tuple[str, ...]


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return findings by cause: the most severe first, then by kind, then the largest groups."""
    causes: dict[Cause, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(_cause(finding), []).append(finding)
    groups = [_group(found) for found in causes.values()]
    return tuple(sorted(groups, key=_order))


def _cause(finding: Finding) -> Cause:
    """Return what findings of one cause have in common: their own slugs and SIDs in the values aside."""
    changes = [f"{one.field} {_alike(one.wanted, finding)} {_alike(one.found, finding)}" for one in finding.differences]
    reason = _alike(finding.reason, finding) if finding.kind in _BY_REASON else ""
    whose = "" if finding.tenant is None else "tenant"
    return (finding.severity, finding.kind, whose, finding.entry, reason, *changes)


def _group(findings: list[Finding]) -> Group:
    findings.sort(key=lambda one: (one.tenant or "", one.name or "", one.sid or ""))
    first = findings[0]
    slugs = {one.tenant for one in findings if one.tenant is not None}
    return Group(
        kind=first.kind,
        severity=first.severity,
        entry=first.entry,
        cause=_sentence(first, alone=len(findings) == 1),
        settle=settle(first.kind, first.entry.partition("/")[0], slugs),
        findings=tuple(findings),
    )


def _sentence(finding: Finding, *, alone: bool) -> str:
    changes = [_change(one, finding, alone=alone) for one in finding.differences]
    reason = finding.reason if alone or not changes or finding.kind in _BY_REASON else None
    told = [*changes, *([reason if alone else _alike_text(reason, finding)] if reason else [])]
    return "; ".join(told)


def _change(one: Difference, finding: Finding, *, alone: bool) -> str:
    wanted, found = (_written(value) if alone else _alike(value, finding) for value in (one.wanted, one.found))
    match finding.kind:
        case "attested":
            return f"{one.field} is {wanted}"
        case "overdue":
            return f"{one.field} is {wanted}"
        case _:
            return f"{one.field}: wanted {wanted}, found {found}"


def _alike(value: Any, finding: Finding) -> str:
    return _alike_text(_written(value), finding)


def _alike_text(text: str, finding: Finding) -> str:
    """Return text without what differs from tenant to tenant: its slug, and SIDs."""
    if finding.tenant:
        text = re.sub(rf"(?<![\w-]){re.escape(finding.tenant)}(?![\w-])", "{tenant}", text)
    return _SID.sub(r"\1…", text)


def _written(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _order(group: Group) -> tuple[Any, ...]:
    place: Mapping[str, int] = {kind: number for number, kind in enumerate(_KINDS)}
    size = -len(group.findings)
    return (SEVERITIES.index(group.severity), place[group.kind], size, group.entry, group.cause, group.findings[0].sid)
