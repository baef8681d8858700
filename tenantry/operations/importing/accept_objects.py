"""Accepting objects that no manifest names: each becomes an entry that takes it over, as an import would write it."""

from collections.abc import Iterable

from tenantry.manifest.load import Loaded
from tenantry.manifest.yaml.tree import entries_of
from tenantry.model.kinds import find_kind
from tenantry.operations.drift.values import Finding
from tenantry.operations.importing.accepted_values import Wish, Wishes
from tenantry.operations.importing.entries import make_entries
from tenantry.operations.importing.read import read_accounts
from tenantry.operations.importing.slugs import first_free
from tenantry.twilio.session import Session

STRANGE = frozenset({"unmanaged", "duplicate"})
STAYS_OUTSIDE = "correct it in the Console, or name it in `ignore`"


def wish_for_objects(loaded: Loaded, session: Session, findings: Iterable[Finding], wishes: Wishes) -> None:
    """Add the entries that unmanaged objects come to; raises TwilioError."""
    by_account: dict[str, list[Finding]] = {}
    for finding in findings:
        kind = find_kind(finding.entry.partition("/")[0])
        if finding.kind in STRANGE and kind is not None and kind.gateway is not None:
            by_account.setdefault(str(finding.account_sid), []).append(finding)
        elif finding.kind in STRANGE:
            wishes.refuse(finding, f"a manifest can't take it over: {finding.settle}")
    by_tenant: dict[str, list[Wish]] = {}
    for wish in wishes.wishes:
        by_tenant.setdefault(wish.tenant, []).append(wish)
    accounts = [account for account in session.accounts.all() if account.sid in by_account]
    for seen in read_accounts(session, accounts, lambda _: None):
        written = make_entries(seen)
        entries = {sid: entry for entry in written.entries for sid in entry.objects}
        reasons = {unfit.live.sid: f"{unfit.reason}; {STAYS_OUTSIDE}" for unfit in written.unfit}
        for finding in by_account[seen.account.sid]:
            entry = entries.get(str(finding.sid))
            tenant = str(finding.tenant)
            own = by_tenant.setdefault(tenant, [])
            if entry is None:
                wishes.refuse(finding, reasons.get(str(finding.sid), "it is not there any more"))
                continue
            if not any(wish.value.get("adopt") == entry.adoption.get("adopt") for wish in _entries(own)):
                path = _free_path(loaded, tenant, entry.path, own)
                if path is None:
                    wishes.refuse(finding, "a manifest has one such entry, and this tenant has it already")
                else:
                    own.append(Wish(tenant, path, {**entry.settings, **entry.adoption}))
                    wishes.wishes.append(own[-1])


def _entries(own: Iterable[Wish]) -> list[Wish]:
    return [wish for wish in own if isinstance(wish.value, dict)]


def _free_path(loaded: Loaded, tenant: str, path: tuple[str, ...], own: Iterable[Wish]) -> tuple[str, ...] | None:
    """Return where an entry can stand; None where there is one place only, and it is taken."""
    section = entries_of(loaded.origins[tenant]).get(path[0])
    if len(path) == 1:
        return None if section is not None and section.value is not None else path
    taken = {*entries_of(section), *(wish.path[-1] for wish in _entries(own) if wish.path[0] == path[0])}
    return (path[0], first_free(path[1], taken))
