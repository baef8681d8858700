"""The sentences that all formats for people share; what manifests and Twilio say is still raw in them."""

from collections.abc import Sequence

from tenantry.manifest.problem import counted
from tenantry.reports.drift.rules import WHAT
from tenantry.reports.drift.values import Finding, Group, Report

NO_STATE = (
    "No state was read: accounts and objects were looked up by name, and what somebody changed can't be told from "
    "what is not applied yet."
)


def summary(report: Report) -> str:
    """Return one line that counts."""
    looked = f"{counted(report.tenants, 'tenant')} compared"
    resting = f", {report.resting} of them without an active account" if report.resting else ""
    told = [f"{number} {name}" for name, number in report.counts if number]
    if not told:
        return f"Nothing differs; {looked}{resting}."
    findings = counted(sum(number for _, number in report.counts), "finding")
    return f"{findings} ({', '.join(told)}) of {counted(len(report.groups), 'cause')}; {looked}{resting}."


def headline(group: Group) -> str:
    """Return what it is about and what happened: `usage_trigger/sms: callback_url: wanted …, found …`."""
    return f"{group.entry}: {group.cause}" if group.cause else group.entry


def what(group: Group) -> str:
    """Return the kind in words, until when in brackets."""
    untils = {str(one.until) for one in group.findings if one.until is not None}
    return f"{WHAT[group.kind]} until {', '.join(sorted(untils))}" if untils else WHAT[group.kind]


def members(group: Group) -> tuple[str, ...]:
    """Return whom it is about: tenants, with the age of what they attested; accounts where there is no tenant."""
    return tuple(dict.fromkeys(_member(one) for one in group.findings))


def folded(names: Sequence[str], most: int) -> str:
    """Return names in one line: all of them, or the first and how many more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _member(finding: Finding) -> str:
    name = finding.tenant or finding.reason or finding.account_sid or ""
    if finding.tenant is None and finding.account_sid and finding.account_sid not in name:
        name = f"{name} ({finding.account_sid})"
    return name if finding.age_days is None else f"{name} (on {finding.since}, {counted(finding.age_days, 'day')} ago)"
