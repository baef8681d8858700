"""The sentences about access that all formats share; what people and Twilio wrote is raw in them."""

from collections.abc import Mapping

from tenantry.operations.access.values import AccessFinding, AccessReport, Actor, FindingKind
from tenantry.text.counts import format_count

WHAT: Mapping[FindingKind, str] = {
    "foreign_user": "Console user of a foreign domain",
    "unexpected_user": "Console user whom access.yaml does not name",
    "unexpected_role": "role that access.yaml does not grant",
    "expired_role": "role whose grant has ended",
    "unknown_key": "API key that no manifest knows",
    "expired_key": "API key that was allowed until a day that has passed",
    "missing_role": "role that is granted and not given",
    "old_attestation": "Console user whom somebody has to look up again",
    "unreadable": "roles that can't be read",
    "attested": "Console user, as attested",
    "allowed_key": "API key that no manifest knows, and is allowed",
}
NO_ORGANIZATION = (
    "Console users were not read: without TWILIO_ORGANIZATION_SID, TWILIO_ORGANIZATION_CLIENT_ID and "
    "TWILIO_ORGANIZATION_CLIENT_SECRET no API lists them, so they are what access.yaml attests."
)

NAMED_ALONE = "Console users were not read: tenants are named, so this is about their keys alone."
LEFT_OUT = "Keys were not read of those without an active account: {}."


def finding_text(finding: AccessFinding) -> str:
    """Return what was found, without what settles it."""
    return f"{WHAT[finding.kind]}: {_about(finding)}"


def summary(report: AccessReport) -> str:
    """Return one line that counts."""
    counts = [finding.severity for finding in report.findings]
    found = ", ".join(f"{counts.count(name)} {name}" for name in ("high", "low", "note") if name in counts)
    users = f"{format_count(report.users, 'Console user')}, " if report.organization else ""
    keys = f"{format_count(report.keys, 'API key')} in {format_count(report.accounts, 'account')}"
    findings = f"{format_count(len(counts), 'finding')} ({found})" if counts else "Nothing differs"
    return f"{findings}; {users}{keys} read."


def actor_text(actor: Actor) -> str:
    """Return who an actor is, and what it did."""
    who = "a person in the Console" if actor.source == "web" else f"credentials of type {actor.actor_type}"
    events = ", ".join(f"{name} × {number}" for name, number in actor.events.items())
    return f"{actor.actor_sid or 'unknown'} ({who}): {events}"


def _about(finding: AccessFinding) -> str:
    if finding.key_sid is not None:
        whose = f"in {finding.tenant}" if finding.tenant else "in the parent account"
        age = f", {format_count(finding.age_days, 'day')} old" if finding.age_days is not None else ""
        maker = f", made by {finding.made_by}" if finding.made_by else ""
        reason = f" ({finding.reason})" if finding.reason else ""
        return f"{finding.name or 'without a name'} ({finding.key_sid}) {whose}{age}{maker}{reason}"
    where = f" in {finding.tenant or finding.scope}" if finding.scope else ""
    role = f", {finding.role}{where}" if finding.role else ""
    until = f", until {finding.until}" if finding.until else ""
    age = f", {format_count(finding.age_days, 'day')} ago" if finding.age_days is not None else ""
    reason = f" ({finding.reason})" if finding.reason else ""
    return f"{finding.who}{role}{until}{age}{reason}"
