"""Adopt or create for accounts: one that we made is found again by the ` (slug)` that its name ends in.

A name alone proves nothing: anybody can give one in the Console. So an account is taken over by its name only where an
unfinished run of ours may have made it, or a person says that the state was lost. A subaccount can't be deleted, only
closed for good: where more than one could be the tenant's, or nobody knows whether one was made, a person decides.
"""

from collections.abc import Iterable

from tenantry.engine.run.request import current_urn
from tenantry.model.subaccount import SubaccountSpec, slug_mark
from tenantry.providers.connection import Connection
from tenantry.providers.ownership import (
    HELD,
    is_of_unfinished_run,
    other_holder,
    recovers,
    tenants_of_stack,
    was_begun,
)
from tenantry.providers.resting import refuse_resting
from tenantry.twilio.errors import NotFound, Refused
from tenantry.twilio.http.settled import settled
from tenantry.twilio.subaccount import LiveAccount

ONE_TENANT = "Nothing was changed. An account has one tenant: correct adopt, or set state: released in the other one."


def account_of_tenant(here: Connection, spec: SubaccountSpec) -> LiveAccount | None:
    """Return the account to take over: the adopted one, else ours whose name ends in the slug; None if there is none.

    Raises Refused where that account is not the tenant's, or may not be.
    """
    if spec.adopt:
        return _adopted(here, spec, spec.adopt)
    named = here.session.subaccounts.named(spec.friendly_name) if spec.friendly_name else ()
    ours = {account.sid: account for account in (*here.accounts_before_creating(), *named)}
    found = _only_one(spec, tuple(ours.values()))
    return _found_again(here, spec, found) if found else None


def make_account(here: Connection, spec: SubaccountSpec) -> LiveAccount:
    """Make the account; where the answer is lost, look for it by its exact name.

    It is made again only where Twilio itself says that it failed. A second object in an account can be deleted; a
    second account stays for good, and stops the tenant until a person has closed it. So a page of somebody on the way,
    which proves nothing of what Twilio does behind it, costs a second run here.
    """
    accounts, name = here.session.subaccounts, str(spec.friendly_name)
    before = {account.sid for account in here.accounts_before_creating()}
    account = settled(
        lambda: accounts.create(name),
        lambda: _only_one(spec, tuple(one for one in accounts.named(name) if one.sid not in before)),
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
    if spec.active is None and not spec.ending:
        refuse_resting(here, account.sid, f"Naming {spec.slug}")
    return here.session.subaccounts.update(account.sid, friendly_name=name, status=status)


def adoptable_account(here: Connection, slug: str, sid: str, listed: LiveAccount | None = None) -> LiveAccount:
    """Return the account that a tenant adopts, fetched where no list had it; raises Refused where it can't be that."""
    what = _adopting(slug, sid)
    next_step = f"Nothing was changed. Adopt a subaccount of {here.session.parent_sid} that is not closed."
    try:
        account = listed or here.session.subaccounts.fetch(sid)
    except NotFound as missing:
        raise Refused(missing.came_back, what=what, next_step=next_step) from None
    if account.is_parent or account.owner_account_sid != here.session.parent_sid or account.status == "closed":
        why = "the parent account itself" if account.is_parent else f"{account.status}, of {account.owner_account_sid}"
        raise Refused(f"it is {why}", what=what, next_step=next_step)
    return account


def refuse_name_of_another(account: LiveAccount, slug: str, tenants: Iterable[str], what: str = "") -> None:
    """Refuse an account whose name ends in the slug of another of these tenants."""
    for other in tenants:
        if other != slug and account.friendly_name.endswith(slug_mark(other)):
            came_back = f"the name of {account.sid} is '{account.friendly_name}', that of the account of {other}"
            raise Refused(came_back, what=what or _adopting(slug, account.sid), next_step=ONE_TENANT)


def _adopted(here: Connection, spec: SubaccountSpec, sid: str) -> LiveAccount:
    account = adoptable_account(here, spec.slug, sid)
    _refuse_others(here, spec, account, _adopting(spec.slug, sid))
    here.adopted(sid)
    return account


def _adopting(slug: str, sid: str) -> str:
    return f"Adopting account {sid} for {slug}"


def _found_again(here: Connection, spec: SubaccountSpec, account: LiveAccount) -> LiveAccount:
    """Return an account that was found by its name, if it is ours."""
    what = f"Looking for the account of {spec.slug}"
    _refuse_others(here, spec, account, what)
    is_recovered = recovers()
    if not is_recovered and is_of_unfinished_run(account, spec.slug):
        return account
    if is_recovered or was_begun(account, spec.slug):
        here.adopted(account.sid)  # what is in there may be used: nobody knows how the state came to miss it
        return account
    raise not_ours(account, spec.slug)


def not_ours(account: LiveAccount, slug: str) -> Refused:
    """Return the refusal of an account that has a tenant's name, and that nothing says we made."""
    made = f", made on {account.created:%Y-%m-%d %H:%M} UTC" if account.created else ""
    return Refused(
        f"{account.sid} '{account.friendly_name}'{made} has its name, and nothing says that this stack made it",
        what=f"Looking for the account of {slug}",
        next_step=f"Nothing was changed. If it is the account of {slug}, write `account: {{adopt: {account.sid}}}` "
        "into its manifest; if not, give it another name in the Console. If the state of this stack was lost, run "
        "`tenantry up --recover`.",
    )


def _refuse_others(here: Connection, spec: SubaccountSpec, account: LiveAccount, what: str) -> None:
    """Refuse an account that another tenant has."""
    name = current_urn().name
    if (first := here.holder(account.sid, name)) != name:
        came_back = f"{first} takes over {account.sid} in this run already"
    elif holder := other_holder(account.sid):
        came_back = f"{account.sid} '{account.friendly_name}': {HELD.format(holder)}"
    else:
        return refuse_name_of_another(account, spec.slug, tenants_of_stack(), what)
    raise Refused(came_back, what=what, next_step=ONE_TENANT)


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
