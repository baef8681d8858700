"""Adopt or create for accounts: found again by the ` (slug)` that its name ends in, and never made twice.

A subaccount can't be deleted, only closed for good. So where more than one could be the tenant's, or nobody knows
whether one was made, a person decides.
"""

from tenantry.model.subaccount import SubaccountSpec, slug_mark
from tenantry.providers.connection import Connection
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.http.settled import settled
from tenantry.twilio.subaccount import LiveAccount


def account_of_tenant(here: Connection, spec: SubaccountSpec) -> LiveAccount | None:
    """Return the account to take over: the adopted one, else the one whose name ends in the slug."""
    if spec.adopt:
        return _adopted(here, spec, spec.adopt)
    named = here.session.subaccounts.named(spec.friendly_name) if spec.friendly_name else ()
    ours = {account.sid: account for account in (*here.accounts_before_creating(), *named)}
    return _only_one(spec, tuple(ours.values()))


def make_account(here: Connection, spec: SubaccountSpec) -> LiveAccount:
    """Make the account; where the answer is lost, look for it by its exact name.

    It is made again only where Twilio itself says that it failed. A second object in an account can be deleted; a
    second account stays for good, and stops the tenant until a person has closed it. So a page of somebody on the way,
    which proves nothing of what Twilio does behind it, costs a second run here.
    """
    accounts, name = here.session.subaccounts, str(spec.friendly_name)
    account = settled(
        lambda: accounts.create(name),
        lambda: _only_one(spec, accounts.named(name)),
        lambda lost: lost.is_twilios,
        here.session.waiting(),
    )
    here.made(account.sid)
    return account


def brought_up(here: Connection, spec: SubaccountSpec, account: LiveAccount) -> LiveAccount:
    """Rename and activate an account where that is wanted and needed."""
    name = spec.friendly_name if spec.friendly_name not in (None, account.friendly_name) else None
    status = "active" if spec.active and account.status != "active" else None
    if name is None and status is None:
        return account
    return here.session.subaccounts.update(account.sid, friendly_name=name, status=status)


def _adopted(here: Connection, spec: SubaccountSpec, sid: str) -> LiveAccount:
    what = f"Adopting account {sid} for {spec.slug}"
    next_step = f"Nothing was changed. Adopt a subaccount of {here.session.parent_sid} that is not closed."
    try:
        account = here.session.subaccounts.fetch(sid)
    except NotFound as missing:
        raise Refused(missing.came_back, what=what, next_step=next_step) from None
    if account.is_parent or account.owner_account_sid != here.session.parent_sid or account.status == "closed":
        why = "the parent account itself" if account.is_parent else f"{account.status}, of {account.owner_account_sid}"
        raise Refused(f"it is {why}", what=what, next_step=next_step)
    return account


def _only_one(spec: SubaccountSpec, accounts: tuple[LiveAccount, ...]) -> LiveAccount | None:
    mark = slug_mark(spec.slug)
    found = [account for account in accounts if account.friendly_name.endswith(mark) and account.status != "closed"]
    if len(found) > 1:
        raise Refused(
            f"{len(found)} accounts have a name that ends in '{mark.strip()}': "
            f"{', '.join(sorted(account.sid for account in found))}",
            what=f"Looking for the account of {spec.slug}",
            next_step="Nothing was made. Rename or close all but one in the Console, then run again.",
        )
    return found[0] if found else None
