"""Which account each tenant has: from the stack's state, from `adopt` in its manifest, or by the account's name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.model.resources import FLEET
from tenantry.model.subaccount import slug_mark
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.session import Session

NO_ACCOUNT = "it has no account yet; `tenantry up` makes it"
SEVERAL = "{count} accounts have a name that ends in '{mark}'; name its own with `adopt`"
RELEASED = "it was released: its account is no longer this stack's"


@dataclass(frozen=True)
class TenantAccount:
    """One tenant, and its account or why it has none."""

    slug: str
    name: str | None
    sid: str | None
    status: str | None
    reason: str | None = None
    created: datetime | None = None
    """When Twilio made the account."""


@dataclass(frozen=True)
class FleetAccounts:
    """The accounts of the tenants that were asked for, and those of the parent that are no tenant's."""

    chosen: tuple[TenantAccount, ...]
    strangers: tuple[LiveAccount, ...]


def find_accounts(
    loaded: Loaded,
    state: Sequence[StateResource] | None,
    session: Session,
    slugs: Collection[str] | None,
    *,
    gone: Collection[str] = (),
) -> FleetAccounts:
    """Return the accounts of the tenants, or of those named; without a state (None) by `adopt`, otherwise by name.

    `gone` are tenants without a manifest that are looked up all the same.
    Raises TwilioError where the credentials are wrong or Twilio does not list the accounts.
    """
    session.check_parent(loaded.stack.parent)
    session.check_parent(_find_parent(state or ()))
    listed = {account.sid: account for account in session.subaccounts.all()}
    sids = _find_sids(loaded, state)
    everyone = tuple(
        _describe_account(loaded, slug, sids.get(slug), listed, by_name=state is None)
        for slug in sorted({*loaded.tenants, *sids, *gone})
    )
    ours = {tenant.sid for tenant in everyone}
    chosen = tuple(tenant for tenant in everyone if slugs is None or tenant.slug in slugs)
    return FleetAccounts(chosen, tuple(account for sid, account in sorted(listed.items()) if sid not in ours))


def find_account(loaded: Loaded, state: Sequence[StateResource] | None, session: Session, slug: str) -> TenantAccount:
    """Return one tenant's account; Twilio is asked only where neither the state nor its manifest says which it is.

    Raises TwilioError.
    """
    session.check_parent(loaded.stack.parent)
    session.check_parent(_find_parent(state or ()))
    sid = _find_sids(loaded, state).get(slug)
    if sid is not None:
        manifest = loaded.tenants.get(slug)
        return TenantAccount(slug, manifest.name if manifest else None, sid, None)
    [account] = find_accounts(loaded, state, session, {slug}).chosen
    return account


def _find_parent(state: Iterable[StateResource]) -> str | None:
    parents = (resource.outputs.get("account_sid") for resource in state if resource.name == FLEET)
    return next((sid for sid in parents if isinstance(sid, str)), None)


def _find_sids(loaded: Loaded, state: Sequence[StateResource] | None) -> dict[str, str]:
    """Return the SIDs that are known, by slug: the state's own go before what a manifest adopts."""
    adopted = {
        slug: tenant.account.adopt
        for slug, tenant in loaded.tenants.items()
        if tenant.account is not None and tenant.account.adopt is not None
    }
    accounts = (resource for resource in state or () if resource.kind == "subaccount")
    return {**adopted, **{resource.slug: resource.sid for resource in accounts if resource.sid is not None}}


def _describe_account(
    loaded: Loaded, slug: str, sid: str | None, listed: Mapping[str, LiveAccount], *, by_name: bool
) -> TenantAccount:
    manifest = loaded.tenants.get(slug)
    name = manifest.name if manifest else None
    if sid is None and manifest is not None and manifest.state == "released":
        return TenantAccount(slug, name, None, None, RELEASED)
    if sid is None and by_name:
        return _find_named_account(slug, name, listed)
    if sid is None:
        return TenantAccount(slug, name, None, None, NO_ACCOUNT)
    found = listed.get(sid)
    return TenantAccount(slug, name, sid, found.status if found else None, created=found.created if found else None)


def _find_named_account(slug: str, name: str | None, listed: Mapping[str, LiveAccount]) -> TenantAccount:
    """Return the one account that is not closed and whose name ends in the slug."""
    mark = slug_mark(slug)
    found = [
        account for account in listed.values() if account.status != "closed" and account.friendly_name.endswith(mark)
    ]
    if len(found) == 1:
        return TenantAccount(slug, name, found[0].sid, found[0].status, created=found[0].created)
    reason = SEVERAL.format(count=len(found), mark=mark.strip()) if found else NO_ACCOUNT
    return TenantAccount(slug, name, None, None, reason)
