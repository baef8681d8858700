"""The sentences that all formats for people share; what manifests and Twilio say is still raw in them."""

import json
import re
from collections.abc import Iterable, Iterator

from tenantry.operations.drift.groups import resource_of
from tenantry.operations.drift.rules import WHAT
from tenantry.operations.drift.values import Finding, Group, Report
from tenantry.text.counts import format_count

NO_STATE = (
    "No state was read: Tenantry found accounts and objects by `adopt`, otherwise by name, and can't tell what "
    "somebody changed from what is not applied yet."
)

_QUOTED_NUMBER = re.compile(r'(?<= )"(-?[0-9]+(?:\.[0-9]+)?)"(?=,|;|$)')
_FOUND_BY_SID = frozenset({"unmanaged", "duplicate", "overdue"})
"""Kinds about objects that no manifest names, so that only their SID tells which is meant."""


def summarise(report: Report) -> str:
    """Return one line that counts."""
    looked = f"{format_count(report.tenants, 'tenant')} compared"
    resting = f", {report.resting} of them without an active account" if report.resting else ""
    counts = [f"{number} {name}" for name, number in report.counts if number]
    if not counts:
        return f"Nothing differs; {looked}{resting}."
    findings = format_count(sum(number for _, number in report.counts), "finding")
    return f"{findings} ({', '.join(counts)}) of {format_count(len(report.groups), 'cause')}; {looked}{resting}."


def write_headline(group: Group) -> str:
    """Return what it is about and what happened: `usage_trigger/sms: callback_url: wanted …, found …`."""
    if group.kind == "attested":
        return group.cause
    about = resource_of(group.findings[0])
    cause = _QUOTED_NUMBER.sub(lambda found: found[1], group.cause)  # what people read; JSON keeps what it always had
    return f"{about}: {cause}" if cause else about


def name_subject(group: Group) -> str:
    """Return the kind in words, until when in brackets."""
    untils = {str(finding.until) for finding in group.findings if finding.until is not None}
    return f"{WHAT[group.kind]} until {', '.join(sorted(untils))}" if untils else WHAT[group.kind]


def list_members(group: Group) -> tuple[str, ...]:
    """Return whom it is about: tenants, with the age of what they attested; accounts where there is no tenant."""
    if group.kind == "attested":
        return tuple(_list_attested_members(group.findings))
    return tuple(dict.fromkeys(_describe_member(finding) for finding in group.findings))


def _list_attested_members(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield what was seen in the Console together: of one tenant, by one person, on one day."""
    together: dict[tuple[str | None, str | None, int | None], list[str]] = {}
    for finding in findings:
        values = [f"{change.field} {json.dumps(change.wanted)}" for change in finding.differences]
        together.setdefault((finding.tenant, finding.reason, finding.age_days), []).extend(values)
    for (tenant, reason, days), values in together.items():
        yield f"{tenant} ({', '.join(values)}; {reason} {format_count(days or 0, 'day')} ago)"


def _describe_member(finding: Finding) -> str:
    if finding.tenant is None:
        return f"{finding.reason} ({finding.sid})" if finding.kind == "unmanaged" else str(finding.sid)
    return f"{finding.tenant} ({finding.sid})" if finding.kind in _FOUND_BY_SID and finding.sid else finding.tenant
