"""Accounts: finding each tenant's own, its name and its status, and the accounts that no manifest names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tenantry.ledger.suspensions import Suspension
from tenantry.model.comparison import find_changes
from tenantry.model.project import Stack
from tenantry.model.subaccount import SubaccountSpec, slug_mark
from tenantry.operations.drift.compare import list_differences
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.finding import Known, make_account_finding, make_finding, make_unknown_account
from tenantry.operations.drift.rules import HELD
from tenantry.operations.drift.values import Difference, Finding, FindingKind
from tenantry.operations.ledger.held import describe_held
from tenantry.twilio.account_directory import LiveAccount

ENTRY = "subaccount"
STATUS = "account_state"
WHO_SUSPENDED = (
    "the API does not say who suspended it; where Twilio did, activating it fails with error 21478: ask its support"
)
NOT_FOLLOWED = "its account does not follow; `tenantry sweep` brings it to that"
WE_SUSPENDED = "an earlier `tenantry up` did that, and the manifest no longer asks for it"


@dataclass(frozen=True)
class Accounts:
    """The accounts of a parent, and which of them are a tenant's."""

    everyone: Sequence[LiveAccount]
    own: Mapping[str, LiveAccount]
    """By slug. A tenant whose account is missing, or is one of several that may be it, is not in it."""
    namesakes: Mapping[str, Sequence[LiveAccount]]
    """Other accounts that live and whose name ends in a tenant's slug, by that slug."""


def match_accounts(everyone: Sequence[LiveAccount], expected: Sequence[Expected]) -> Accounts:
    """Find each tenant's account, by the SID that we know, else by the ` (slug)` that its name ends in."""
    by_sid = {account.sid: account for account in everyone}
    known = {tenant.slug: by_sid[tenant.account.sid] for tenant in expected if tenant.account.sid in by_sid}
    taken = {account.sid for account in known.values()}
    marked = _map_accounts([account for account in everyone if account.sid not in taken and account.status != "closed"])
    nameless = {tenant.slug for tenant in expected if tenant.account.sid is None}
    found = {slug: marked[slug][0] for slug in nameless if len(marked.get(slug, ())) == 1}
    namesakes = {
        tenant.slug: marked[tenant.slug] for tenant in expected if tenant.slug in marked and tenant.slug not in found
    }
    return Accounts(everyone, {**known, **found}, namesakes)


def compare_account(
    expected: Expected, accounts: Accounts, *, with_state: bool, held: tuple[Suspension, ...] = ()
) -> Iterator[Finding]:
    """Yield what differs of a tenant's account; of one that was released nothing is ours to say."""
    if expected.standing == "released":
        return
    account, entry = accounts.own.get(expected.slug), expected.account
    for other in accounts.namesakes.get(expected.slug, ()):
        reason = f"its name ends in '{slug_mark(expected.slug).strip()}' too"
        yield make_finding(expected, "duplicate", ENTRY, sid=other.sid, account_sid=other.sid, reason=reason)
    if expected.manifest is None:
        yield from _without_manifest(expected, account)
    elif account is None:
        yield from _without_account(expected, accounts)
    elif account.status == "closed":
        if not _is_closed_by_us(expected):
            yield make_finding(expected, "closed_outside", ENTRY, about=entry, account_sid=account.sid)
    else:
        yield from _name(expected, account, with_state=with_state)
        if held and _find_wanted_status(expected) is None:
            yield _find_held_status(expected, account, held)
        else:
            yield from _compare_status(expected, account, with_state=with_state)


def find_unmanaged_accounts(accounts: Accounts, stack: Stack, today: date) -> Iterator[Finding]:
    """Yield the accounts that live and that neither a manifest nor the state names; of known ones, that they are."""
    ours = {account.sid for account in accounts.own.values()}
    ours |= {account.sid for namesakes in accounts.namesakes.values() for account in namesakes}
    strangers = [account for account in accounts.everyone if account.sid not in ours and account.status != "closed"]
    for account in strangers:
        entry = stack.known_accounts.get(account.sid)
        known = Known(entry, entry.until is None or today <= entry.until) if entry else None
        yield make_account_finding("unmanaged", account, f"'{account.friendly_name}' is {account.status}", known)
    for sid in sorted(stack.accounts_of_its_own - {account.sid for account in strangers}):
        yield make_unknown_account(sid)


def _map_accounts(accounts: Sequence[LiveAccount]) -> Mapping[str, Sequence[LiveAccount]]:
    """Return accounts by the slug in brackets that ends their name."""
    marked: dict[str, list[LiveAccount]] = {}
    for account in accounts:
        head, bracket, tail = account.friendly_name.rpartition(" (")
        if head and bracket and tail.endswith(")"):
            marked.setdefault(tail[:-1], []).append(account)
    return marked


def _without_manifest(expected: Expected, account: LiveAccount | None) -> Iterator[Finding]:
    if account is not None and account.status != "closed":
        reason = "its manifest is gone"
        yield make_finding(expected, "unmanaged", ENTRY, about=expected.account, account_sid=account.sid, reason=reason)


def _without_account(expected: Expected, accounts: Accounts) -> Iterator[Finding]:
    applied, entry = expected.applied.get(expected.slug), expected.account
    if applied is not None and applied.sid is not None:
        if not _is_closed_by_us(expected):
            reason = f"Twilio does not know account {applied.sid}; closed accounts are deleted after 30 days"
            yield make_finding(expected, "missing", ENTRY, about=entry, reason=reason)
    elif (
        expected.manifest is not None
        and expected.manifest.state != "closed"
        and expected.slug not in accounts.namesakes
    ):
        yield make_finding(expected, "not_applied", ENTRY, about=entry, reason="it has no account yet")


def _is_closed_by_us(expected: Expected) -> bool:
    """Return whether the account is closed as it should be: by us, or its day has come."""
    state = expected.applied.get(f"{expected.slug}/{STATUS}")
    ours = expected.recorded == "closed" or (state is not None and state.outputs.get("status") == "closed")
    return expected.standing == "due" or (
        ours and expected.manifest is not None and expected.manifest.state == "closed"
    )


def _name(expected: Expected, account: LiveAccount, *, with_state: bool) -> Iterator[Finding]:
    wanted, applied = expected.wanted[expected.slug].spec.props(), expected.applied.get(expected.slug)
    has = {**wanted, "friendly_name": account.friendly_name}
    if "friendly_name" not in wanted or not find_changes(SubaccountSpec, has, wanted):
        return
    before = applied.outputs.get("friendly_name") if applied else None
    kind: FindingKind = "changed" if with_state and before not in (None, account.friendly_name) else "not_applied"
    shown = list_differences(frozenset({"friendly_name"}), wanted, has)
    yield make_finding(expected, kind, ENTRY, about=expected.account, account_sid=account.sid, differences=shown)


def _compare_status(expected: Expected, account: LiveAccount, *, with_state: bool) -> Iterator[Finding]:
    """Yield a status that is not the manifest's; where that leaves it open, one that somebody else chose."""
    wanted = _find_wanted_status(expected)
    if expected.is_observed or account.status == (wanted or "active"):
        return
    kind = _choose_kind(expected, wanted, with_state=with_state)
    shown = (Difference(field="status", wanted=wanted, found=account.status),)
    reason = WHO_SUSPENDED if kind != "not_applied" and account.status == "suspended" else None
    if kind == "status_not_ours" and _find_applied_status(expected) == account.status:
        reason = WE_SUSPENDED
    entry = expected.object(f"{expected.slug}/{STATUS}") if wanted == "suspended" else expected.account
    status_finding = make_finding(
        expected, kind, entry.entry, about=entry, account_sid=account.sid, differences=shown, reason=reason
    )
    is_severe = account.status == "suspended" and status_finding.kind != "ignored"  # nothing of the customer's works
    yield status_finding.model_copy(update={"severity": "high"}) if is_severe else status_finding


def _find_held_status(expected: Expected, account: LiveAccount, held: tuple[Suspension, ...]) -> Finding:
    """Return that a tenant is suspended as the ledger says, which is a note, or that its account does not follow."""
    shown = (Difference(field="status", wanted=None, found=account.status),)
    follows = account.status == "suspended"
    reason = describe_held(held) if follows else f"{describe_held(held)}; {NOT_FOLLOWED}"
    entry = expected.account
    finding = make_finding(
        expected, "status_not_ours", entry.entry, about=entry, account_sid=account.sid, differences=shown, reason=reason
    )
    return finding.model_copy(update={"severity": "note" if follows else "high", "settle": HELD})


def _choose_kind(expected: Expected, wanted: str | None, *, with_state: bool) -> FindingKind:
    """Return what a status is that is not the wanted one; None wants whatever somebody chose."""
    if wanted is None:
        return "status_not_ours"
    return "changed" if with_state and _find_applied_status(expected) == wanted else "not_applied"


def _find_wanted_status(expected: Expected) -> str | None:
    if expected.standing != "open":
        return "suspended"
    return "active" if expected.manifest is not None and expected.manifest.state == "active" else None


def _find_applied_status(expected: Expected) -> str | None:
    """Return the status that the last run brought the account to, None where it left it alone."""
    state = expected.applied.get(f"{expected.slug}/{STATUS}")
    if state is not None and not state.waiting:
        return str(state.outputs.get("status"))
    account = expected.applied.get(expected.slug)
    return "active" if account is not None and account.outputs.get("active") else None
