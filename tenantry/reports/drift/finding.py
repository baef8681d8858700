"""Making a finding: its severity, what settles it, where it is written, and whether it is meant."""

from typing import Any

from tenantry.reports.drift.expected import Expected, ExpectedObject
from tenantry.reports.drift.rules import WHAT, settle, severity_of
from tenantry.reports.drift.values import Difference, Finding, FindingKind
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.live import Live

CAN_BE_MEANT = frozenset({"changed", "missing", "not_applied", "unmanaged", "duplicate", "status_not_ours"})


def finding(
    expected: Expected,
    kind: FindingKind,
    entry: str,
    *,
    one: ExpectedObject | None = None,
    live: Live[Any] | None = None,
    sid: str | None = None,
    account_sid: str | None = None,
    differences: tuple[Difference, ...] = (),
    reason: str | None = None,
) -> Finding:
    """Return a finding about a tenant. One that its `ignore` covers is a note; one whose ignore ended says so."""
    object_kind = entry.partition("/")[0]
    meant = expected.meant(entry) or (expected.meant(object_kind) if one is None else None)
    until, place = None, expected.place(entry, differences[0].field if differences else None)
    if meant is not None and kind in CAN_BE_MEANT:
        reason = f"{WHAT[kind]}, and meant: {meant.reason}" + (f" ({reason})" if reason else "")
        kind, until = "ignored", meant.until
    elif ended := expected.expired(entry):
        reason = "; ".join(part for part in (reason, f"its ignore ended on {ended.until}") if part)
    return Finding(
        kind=kind,
        severity=severity_of(kind, object_kind),
        tenant=expected.slug,
        entry=entry,
        name=one.name if one else None,
        account_sid=account_sid or expected.account.sid,
        sid=live.sid if live else sid or (one.sid if one else None),
        differences=differences,
        reason=reason,
        until=until,
        file=place.file if place else None,
        line=place.line if place else None,
        settle=settle(kind, object_kind, [expected.slug]),
    )


def of_account(kind: FindingKind, account: LiveAccount, reason: str) -> Finding:
    """Return a finding about an account that belongs to no tenant of ours."""
    return Finding(
        kind=kind,
        severity=severity_of(kind, "subaccount"),
        entry="subaccount",
        account_sid=account.sid,
        sid=account.sid,
        reason=reason,
        settle=settle(kind, "subaccount", []),
    )


def of_parent(parent: LiveAccount) -> Finding:
    """Return the finding that nothing works any more; nobody but Twilio can suspend a parent account (21477)."""
    reason = f"the parent account is {parent.status}, and with it every tenant; nothing else could be compared"
    return of_account("suspended_by_twilio", parent, reason)
