"""Making a finding: its severity, what settles it, where it is written, and whether an `ignore` covers it."""

from dataclasses import dataclass
from typing import Any

from tenantry.model.tenant import Ignore
from tenantry.operations.drift.expected import Expected, ExpectedObject
from tenantry.operations.drift.rules import OBSERVED, WHAT, rate_severity, settle
from tenantry.operations.drift.values import Difference, Finding, FindingKind
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.live import Live

CAN_BE_MEANT: frozenset[FindingKind] = frozenset(
    {"changed", "missing", "not_applied", "not_working", "unmanaged", "duplicate", "status_not_ours"}
)


@dataclass(frozen=True)
class Known:
    """An entry of the project's `known_accounts`, on a day."""

    ignore: Ignore
    holds: bool
    """Whether its last day has not passed."""


def make_finding(
    expected: Expected,
    kind: FindingKind,
    entry: str,
    *,
    about: ExpectedObject | None = None,
    live: Live[Any] | None = None,
    sid: str | None = None,
    account_sid: str | None = None,
    differences: tuple[Difference, ...] = (),
    reason: str | None = None,
) -> Finding:
    """Return a finding about a tenant. One that its `ignore` covers is a note; one whose ignore ended says so."""
    object_kind = entry.partition("/")[0]
    found = live.sid if live else sid or (about.sid if about else None)
    written = (entry,) if about is not None else (entry, f"{object_kind}/{found}", object_kind)
    meant = next(filter(None, map(expected.find_ignore, written)), None)
    until, place = None, expected.place(entry, differences[0].field if differences else None)
    would_be: FindingKind | None = None
    if meant is not None and kind in CAN_BE_MEANT:
        reason = _describe_ignored(kind, meant, reason)
        kind, until, would_be = "ignored", meant.until, kind
    elif ended := next(filter(None, map(expected.find_expired_ignore, written)), None):
        reason = _describe_ended(ended, reason)
    return Finding(
        kind=kind,
        severity=rate_severity(kind, object_kind),
        tenant=expected.slug,
        entry=entry,
        name=about.name if about else None,
        account_sid=account_sid or expected.account.sid,
        sid=found,
        differences=differences,
        reason=reason,
        meant=would_be,
        until=until,
        file=place.file if place else None,
        line=place.line if place else None,
        settle=settle(kind, object_kind, [expected.slug], would_be),
    )


def as_observed(finding: Finding) -> Finding:
    """Return a finding about a tenant that is only observed: no run settles it, so its manifest has to."""
    if finding.kind != "not_applied":
        return finding
    return finding.model_copy(update={"kind": "changed", "severity": rate_severity("changed", ""), "settle": OBSERVED})


def make_unfit_ignore(expected: Expected, entry: str) -> Finding:
    """Return the finding that an entry of a tenant's `ignore` fits nothing there is."""
    place = expected.place_of_ignore(entry)
    return Finding(
        kind="ignores_nothing",
        severity=rate_severity("ignores_nothing", "ignore"),
        tenant=expected.slug,
        entry=f"ignore/{entry}",
        account_sid=expected.account.sid,
        reason="neither the manifest nor the account has anything of this name or SID",
        file=place.file if place else None,
        line=place.line if place else None,
        settle=settle("ignores_nothing", "ignore", [expected.slug]),
    )


def make_account_finding(kind: FindingKind, account: LiveAccount, reason: str, known: Known | None = None) -> Finding:
    """Return a finding about an account that belongs to no tenant of ours, a note where the project knows it."""
    would_be: FindingKind | None = None
    if known is not None and known.holds:
        reason = f"{reason}, and known: {known.ignore.reason}"
        kind, would_be = "ignored", kind
    elif known is not None:
        reason = _describe_ended(known.ignore, reason, what="its entry in known_accounts")
    return Finding(
        kind=kind,
        severity=rate_severity(kind, "subaccount"),
        entry="subaccount",
        account_sid=account.sid,
        sid=account.sid,
        reason=reason,
        meant=would_be,
        until=known.ignore.until if known and would_be else None,
        settle=settle(kind, "subaccount", [], would_be),
    )


def make_unknown_account(sid: str) -> Finding:
    """Return the finding that an account which the project knows is not there, or closed, or a tenant's."""
    return Finding(
        kind="ignores_nothing",
        severity=rate_severity("ignores_nothing", "known_accounts"),
        entry=f"known_accounts/{sid}",
        account_sid=sid,
        sid=sid,
        reason="no open account without a tenant has this SID",
        settle=settle("ignores_nothing", "known_accounts", []),
    )


def make_parent_finding(parent: LiveAccount) -> Finding:
    """Return the finding that nothing works any more; nobody but Twilio can suspend a parent account (21477)."""
    reason = f"the parent account is {parent.status}, and with it every tenant; nothing else could be compared"
    return make_account_finding("suspended_by_twilio", parent, reason)


def _describe_ignored(kind: FindingKind, meant: Ignore, reason: str | None) -> str:
    return f"{WHAT[kind]}, and meant: {meant.reason}" + (f" ({reason})" if reason else "")


def _describe_ended(ended: Ignore, reason: str | None, what: str = "its ignore") -> str:
    return "; ".join(part for part in (reason, f"{what} ended on {ended.until}") if part)
