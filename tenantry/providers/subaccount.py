"""Subaccounts in a stack.

Never replaced, never made twice, never deleted by us: an account is found again by the ` (slug)` that its name ends in,
a closed or missing one is shown and never rebuilt, and only one that is closed, gone or released leaves the stack.
"""

from typing import Any, ClassVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from tenantry.model.subaccount import SubaccountSpec, closed_refusal, slug_mark
from tenantry.providers.base import Props, TwilioProvider, as_inputs, unchanged
from tenantry.providers.connection import Connection, connect
from tenantry.providers.resource import TwilioResource
from tenantry.providers.resting import waiting_id, waits
from tenantry.twilio.errors import LostAnswer, NotFound, Refused
from tenantry.twilio.subaccount import LiveAccount

GONE = ("closed", "missing")


class SubaccountProvider(TwilioProvider[SubaccountSpec]):
    """Makes, takes over, renames and activates subaccounts."""

    spec: ClassVar[type[Any]] = SubaccountSpec

    def checked(self, olds: Props, news: Props) -> CheckResult:
        """Refuse a changed `adopt`: a tenant does not move to another account."""
        wanted = news.get("adopt")
        if "slug" in olds and isinstance(wanted, str) and wanted != olds.get("adopt"):
            reason = (
                f"{news.get('slug')} has an account already and can't adopt another ({wanted}); nothing was "
                "changed. Take adopt back, or give that account a tenant of its own"
            )
            return CheckResult(news, [CheckFailure("adopt", reason)])
        return CheckResult(news, [])

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Ask for an update, never for a replacement of an account that is there."""
        if waits(id_):
            wanted = not news.get("ending")
            return DiffResult(changes=wanted, replaces=["ending"] if wanted else [])
        return super().diff(id_, olds, news)

    def changed(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Compare the name where we give one, and the state where it is ours; a lost account asks for an update."""
        if news.get("ending") == "released":
            return frozenset()
        if olds.get("status") in GONE:
            return frozenset() if news.get("ending") else frozenset({"status"})
        named = {"friendly_name"} if news.get("friendly_name") else set()
        return (super().changed(id_, olds, news) & named) | _inactive(olds, news)

    def create(self, props: Props) -> CreateResult:
        """Find the tenant's account or make it; a tenant on its way out gets none."""
        spec = self.of(props)
        here = connect(spec.owner_account_sid)
        account = None if spec.ending == "released" else _existing(here, spec)
        if account is None and spec.ending:
            return CreateResult(waiting_id(spec.slug), {**spec.props(), "status": "missing"})
        account = _brought_up(here, spec, account) if account else _made(here, spec)
        return CreateResult(account.sid, _outputs(spec, account))

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Rename or activate the account; nothing else ever changes it. One that is lost fails an open tenant."""
        spec = self.of(news)
        here = connect(spec.owner_account_sid, olds.get("owner_account_sid"))
        account = here.session.accounts.refresh(id_)
        if account is not None and account.status != "closed":
            return UpdateResult(_outputs(spec, _brought_up(here, spec, account)))
        if spec.ending:
            return UpdateResult({**spec.props(), "status": account.status if account else "missing"})
        came_back = closed_refusal(spec.slug) if account else _missing_refusal(spec.slug, id_)
        raise Refused(came_back, what=f"Updating account {id_}", next_step="Nothing was changed.")

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the account as Twilio has it; a closed or missing one is shown as that and never said to be gone."""
        spec = self.of(props)
        here = connect(spec.owner_account_sid)
        if waits(id_):
            return unchanged(id_, props)
        account = here.session.accounts.get(id_)
        if account is None:
            _refuse_mass_absence(here, id_)
        return _as_read(spec, id_, props, account)

    def delete(self, id_: str, props: Props) -> None:
        """Succeed only if nothing of value is left; whatever happens, nothing is changed in Twilio."""
        spec = self.of(props)
        if waits(id_) or spec.ending == "released":
            return
        account = connect(spec.owner_account_sid).session.accounts.refresh(id_)
        if account is not None and account.status != "closed":
            raise Refused(
                f"the account is {account.status}, and we never delete one that lives",
                what=f"Deleting account {id_} of {spec.slug}",
                next_step="Nothing was changed. Put the manifest back, or set state: closed first.",
            )


class Subaccount(TwilioResource, kind="Subaccount", provider=SubaccountProvider):
    """The Twilio account of a tenant."""


def _inactive(olds: Props, news: Props) -> frozenset[str]:
    """Return `active` where the account is to be active and may not be; suspending is not this resource's business.

    What was last read is no proof: without a refresh the state does not know that `AccountState` has suspended it.
    """
    wanted = news.get("active") is True
    proven = olds.get("active") is True and olds.get("status") == "active"
    return frozenset({"active"}) if wanted and not proven else frozenset()


def _existing(here: Connection, spec: SubaccountSpec) -> LiveAccount | None:
    """Return the account to take over: the adopted one, else the one whose name ends in the slug."""
    if spec.adopt:
        return _adopted(here, spec, spec.adopt)
    named = here.session.subaccounts.named(spec.friendly_name) if spec.friendly_name else ()
    ours = {account.sid: account for account in (*here.accounts_before_creating(), *named)}
    mark = slug_mark(spec.slug)
    found = [
        account for account in ours.values() if account.friendly_name.endswith(mark) and account.status != "closed"
    ]
    if len(found) > 1:
        raise Refused(
            f"{len(found)} accounts have a name that ends in '{mark.strip()}': "
            f"{', '.join(sorted(account.sid for account in found))}",
            what=f"Looking for the account of {spec.slug}",
            next_step="Nothing was made. Rename or close all but one in the Console, then run again.",
        )
    return found[0] if found else None


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


def _made(here: Connection, spec: SubaccountSpec) -> LiveAccount:
    """Make the account; where the answer is lost, look for it by its exact name."""
    name = str(spec.friendly_name)
    try:
        account = here.session.subaccounts.create(name)
    except LostAnswer:
        made = [account for account in here.session.subaccounts.named(name) if account.status != "closed"]
        if len(made) != 1:
            raise
        account = made[0]
    here.made(account.sid)
    return account


def _brought_up(here: Connection, spec: SubaccountSpec, account: LiveAccount) -> LiveAccount:
    """Rename and activate an account where that is wanted and needed."""
    name = spec.friendly_name if spec.friendly_name not in (None, account.friendly_name) else None
    status = "active" if spec.active and account.status != "active" else None
    if name is None and status is None:
        return account
    return here.session.subaccounts.update(account.sid, friendly_name=name, status=status)


def _outputs(spec: SubaccountSpec, account: LiveAccount) -> Props:
    return {**spec.props(), **_status(spec, account.status)}


def _status(spec: SubaccountSpec, status: str) -> Props:
    """Return the status, unless it is to be suspended: `AccountState` does that later, and ours would then be old."""
    return {} if spec.active is False and status not in GONE else {"status": status}


def _as_read(spec: SubaccountSpec, id_: str, props: Props, account: LiveAccount | None) -> ReadResult:
    """Return what a read of an account says; `status` becomes an input only when it is a reason to worry."""
    status = account.status if account else "missing"
    live = dict(spec.props())
    if spec.friendly_name and account:
        live["friendly_name"] = account.friendly_name
    if spec.active:
        live["active"] = status == "active"
    inputs = as_inputs(SubaccountSpec, props, live)
    worry = {"status": status} if status in GONE and not spec.ending else {}
    return ReadResult(id_, {**inputs, **_status(spec, status)}, {**inputs, **worry})


def _missing_refusal(slug: str, sid: str) -> str:
    return (
        f"{slug}: Twilio does not know account {sid} any more; closed accounts are deleted after 30 days. "
        "Set state: closed, or take a new slug"
    )


MOST_MISSING = 5
MOST_MISSING_SHARE = 100


def _refuse_mass_absence(here: Connection, sid: str) -> None:
    """Fail where so many accounts are missing that our question is likelier wrong than the accounts gone."""
    missing, all_accounts = here.missing(sid), len(here.session.accounts.all())
    if missing > MOST_MISSING and missing * MOST_MISSING_SHARE > all_accounts:
        raise Refused(
            f"Twilio does not know {missing} of this stack's accounts, and knows {all_accounts}",
            what=f"Reading account {sid}",
            next_step="Nothing was changed. Check that the credentials are those of this stack's parent.",
        )
