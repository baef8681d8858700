"""Adopt or create for accounts: one that we made is found again by the ` (slug)` that its name ends in.

A name alone proves nothing: anybody can set one in the Console. So an account is taken over by its name only where an
unfinished run of ours may have made it, or a person says that the state was lost. A subaccount can't be deleted, only
closed permanently: where more than one could be the tenant's, or it is unknown whether one was made, a person decides.
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
from tenantry.twilio.http.lost_write import settle
from tenantry.twilio.subaccount import LiveAccount

ONE_TENANT = "Nothing was changed. An account has one tenant: correct adopt, or set state: released in the other one."


def find_account_of_tenant(connection: Connection, spec: SubaccountSpec) -> LiveAccount | None:
    """Return the account to take over: the adopted one, else ours whose name ends in the slug; None if there is none.

    Raises Refused where that account is not the tenant's, or may not be.
    """
    if spec.adopt:
        return _adopt(connection, spec, spec.adopt)
    named = connection.session.subaccounts.find_named(spec.friendly_name) if spec.friendly_name else ()
    ours = {account.sid: account for account in (*connection.accounts_before_creating(), *named)}
    found = _require_only_one(spec, tuple(ours.values()))
    return _claim(connection, spec, found) if found else None


def make_account(connection: Connection, spec: SubaccountSpec) -> LiveAccount:
    """Make the account; where the answer is lost, look for it by its exact name.

    It is made again only where Twilio itself says that it failed. A second object in an account can be deleted; a
    second account stays, and blocks the tenant until a person has closed it. So an error page of a proxy,
    which proves nothing about what Twilio did, costs a second run here.
    """
    accounts, name = connection.session.subaccounts, str(spec.friendly_name)
    before = {account.sid for account in connection.accounts_before_creating()}
    account = settle(
        lambda: accounts.create(name),
        lambda: _require_only_one(
            spec, tuple(candidate for candidate in accounts.find_named(name) if candidate.sid not in before)
        ),
        lambda lost: lost.is_twilios,
        connection.session.waiting(),
    )
    connection.remember_made(account.sid)
    return account


def update_account(connection: Connection, spec: SubaccountSpec, account: LiveAccount) -> LiveAccount:
    """Rename and activate an account where the manifest asks for it and it is needed."""
    name = spec.friendly_name if spec.friendly_name not in (None, account.friendly_name) else None
    status = "active" if spec.active and account.status != "active" else None
    if name is None and status is None:
        return account
    if spec.active is None and not spec.ending:
        refuse_resting(connection, account.sid, f"Naming {spec.slug}")
    return connection.session.subaccounts.update(account.sid, friendly_name=name, status=status)


def adoptable_account(connection: Connection, slug: str, sid: str, listed: LiveAccount | None = None) -> LiveAccount:
    """Return the account that a tenant adopts, fetched where no list had it; raises Refused where it can't be that."""
    what = _describe_adopting(slug, sid)
    next_step = f"Nothing was changed. Adopt a subaccount of {connection.session.parent_sid} that is not closed."
    try:
        account = listed or connection.session.subaccounts.fetch(sid)
    except NotFound as missing:
        raise Refused(missing.came_back, what=what, next_step=next_step) from None
    if account.is_parent or account.owner_account_sid != connection.session.parent_sid or account.status == "closed":
        why = "the parent account itself" if account.is_parent else f"{account.status}, of {account.owner_account_sid}"
        raise Refused(f"it is {why}", what=what, next_step=next_step)
    return account


def refuse_name_of_another(account: LiveAccount, slug: str, tenants: Iterable[str], what: str = "") -> None:
    """Refuse an account whose name ends in the slug of another of these tenants."""
    for other in tenants:
        if other != slug and account.friendly_name.endswith(slug_mark(other)):
            came_back = f"the name of {account.sid} is '{account.friendly_name}', that of the account of {other}"
            raise Refused(came_back, what=what or _describe_adopting(slug, account.sid), next_step=ONE_TENANT)


def _adopt(connection: Connection, spec: SubaccountSpec, sid: str) -> LiveAccount:
    account = adoptable_account(connection, spec.slug, sid)
    _refuse_others(connection, spec, account, _describe_adopting(spec.slug, sid))
    connection.remember_adopted(sid)
    return account


def _describe_adopting(slug: str, sid: str) -> str:
    return f"Adopting account {sid} for {slug}"


def _claim(connection: Connection, spec: SubaccountSpec, account: LiveAccount) -> LiveAccount:
    """Return an account that was found by its name, if it is ours."""
    what = f"Looking for the account of {spec.slug}"
    _refuse_others(connection, spec, account, what)
    is_recovered = recovers()
    if not is_recovered and is_of_unfinished_run(account, spec.slug):
        return account
    if is_recovered or was_begun(account, spec.slug):
        connection.remember_adopted(
            account.sid
        )  # its objects may be in use: it is unknown why the state lacks the account
        return account
    raise not_ours(account, spec.slug)


def not_ours(account: LiveAccount, slug: str) -> Refused:
    """Return the refusal of an account that has a tenant's name, without proof that we made it."""
    created = f", made on {account.created:%Y-%m-%d %H:%M} UTC" if account.created else ""
    return Refused(
        f"{account.sid} '{account.friendly_name}'{created} has its name, and there is no proof that this stack made it",
        what=f"Looking for the account of {slug}",
        next_step=f"Nothing was changed. If it is the account of {slug}, write `account: {{adopt: {account.sid}}}` "
        "into its manifest; if not, give it another name in the Console. If the state of this stack was lost, run "
        "`tenantry up --recover`.",
    )


def _refuse_others(connection: Connection, spec: SubaccountSpec, account: LiveAccount, what: str) -> None:
    """Refuse an account that another tenant has."""
    name = current_urn().name
    if (first := connection.holder(account.sid, name)) != name:
        came_back = f"{first} takes over {account.sid} in this run already"
    elif holder := other_holder(account.sid):
        came_back = f"{account.sid} '{account.friendly_name}': {HELD.format(holder)}"
    else:
        return refuse_name_of_another(account, spec.slug, tenants_of_stack(), what)
    raise Refused(came_back, what=what, next_step=ONE_TENANT)


def _require_only_one(spec: SubaccountSpec, accounts: tuple[LiveAccount, ...]) -> LiveAccount | None:
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
