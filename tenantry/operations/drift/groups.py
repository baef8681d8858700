"""Findings of one cause as one group: a field that somebody changed in 300 tenants is one thing to look at, not 300."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tenantry.operations.drift.rules import HELD, OBSERVED, SAME_FOR_ALL, SEVERITY, settle
from tenantry.operations.drift.values import Difference, Finding, Group, Severity
from tenantry.text.sids import DIGITS

SEVERITIES: tuple[Severity, ...] = ("high", "low", "note")
_KINDS = tuple(SEVERITY)
_SID = re.compile(rf"\b([A-Z]{{2}}){DIGITS}\b")
_BY_REASON = frozenset({"unreadable", "ignored", "not_applied", "not_working", "suspended_by_twilio"})
"""Kinds whose reason is a part of the cause; with the others it is about the single object."""
_STANDINGS = {OBSERVED: "observed", HELD: "held"}
Cause = tuple[str, ...]


def group_findings(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Return findings by cause: the most severe first, then by kind, then the largest groups."""
    causes: dict[Cause, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(_find_cause(finding), []).append(finding)
    groups = [_group(found) for found in causes.values()]
    return tuple(sorted(groups, key=_order))


def resource_of(finding: Finding) -> str:
    """Return what it is about without the tenant: a resource's name, which has a key's generation, else the entry."""
    return (finding.name or "").partition("/")[2] or finding.entry


def _find_cause(finding: Finding) -> Cause:
    """Return what findings of one cause have in common: their own slugs and SIDs in the values aside.

    What people attested is one thing to look at in the Console, however many settings it is.
    """
    if finding.kind == "attested":
        return (finding.severity, finding.kind)
    changes = [
        f"{difference.field} {_unify_value(difference.wanted, finding)} {_unify_value(difference.found, finding)}"
        for difference in finding.differences
    ]
    reason = _unify_text(finding.reason or "", finding) if finding.kind in _BY_REASON else ""
    whose = "" if finding.tenant is None else _STANDINGS.get(finding.settle, "tenant")
    return (finding.severity, finding.kind, whose, resource_of(finding), reason, *changes)


def _group(findings: list[Finding]) -> Group:
    findings.sort(key=lambda finding: (finding.tenant or "", finding.name or "", finding.sid or ""))
    first = findings[0]
    slugs = {finding.tenant for finding in findings if finding.tenant is not None}
    object_kind = first.entry.partition("/")[0]
    return Group(
        kind=first.kind,
        severity=first.severity,
        entry=first.kind if first.kind == "attested" else first.entry,
        cause=_write_sentence(findings),
        settle=first.settle if first.settle in SAME_FOR_ALL else settle(first.kind, object_kind, slugs, first.meant),
        findings=tuple(findings),
    )


def _write_sentence(findings: Sequence[Finding]) -> str:
    """Return what happened: the values of one finding, or what is alike in all of them."""
    first, alone = findings[0], len(findings) == 1
    if first.kind == "attested":
        return "only the Console shows it"
    changes = [_change(difference, first, alone=alone) for difference in first.differences]
    reasons = {_unify_text(finding.reason, finding) for finding in findings if finding.reason}
    reason = first.reason if alone else reasons.pop() if len(reasons) == 1 else None
    if first.kind == "unmanaged" and first.tenant is None:
        reason = None  # it is the account's name, by which people know it among the others
    return "; ".join([*changes, *([reason] if reason else [])])


def _change(difference: Difference, finding: Finding, *, alone: bool) -> str:
    wanted, found = (
        _as_json(value) if alone else _unify_value(value, finding) for value in (difference.wanted, difference.found)
    )
    if finding.kind == "overdue":  # only the manifest has this field; Twilio has none like it
        return f"{difference.field} is {wanted}"
    return f"{difference.field}: wanted {wanted}, found {found}"


def _unify_value(value: Any, finding: Finding) -> str:
    return _unify_text(_as_json(value), finding)


def _unify_text(text: str, finding: Finding) -> str:
    """Return text without what differs from tenant to tenant: its slug, and SIDs."""
    if finding.tenant:
        text = re.sub(rf"(?<![\w-]){re.escape(finding.tenant)}(?![\w-])", "{tenant}", text)
    return _SID.sub(r"\1…", text)


def _as_json(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _order(group: Group) -> tuple[Any, ...]:
    place: Mapping[str, int] = {kind: number for number, kind in enumerate(_KINDS)}
    first, size = group.findings[0], -len(group.findings)
    about = (group.entry, resource_of(first), group.cause, first.sid or "")
    return (SEVERITIES.index(group.severity), place[group.kind], size, *about)
