"""Subaccounts in a stack.

Never replaced, never made twice, never deleted by us: an account is found again by the ` (slug)` that its name ends in,
a closed or missing account is shown and never rebuilt, and only a closed, missing or released one leaves the stack.
"""

from typing import Any, ClassVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from tenantry.model.account_state import is_mass_absence
from tenantry.model.recorded import GONE
from tenantry.model.subaccount import SubaccountSpec, closed_refusal
from tenantry.providers.account_adoption import find_account_of_tenant, make_account, update_account
from tenantry.providers.base import Props, TwilioProvider, as_inputs, keep_state
from tenantry.providers.connection import Connection, connect
from tenantry.providers.ownership import held_elsewhere
from tenantry.providers.resource import TwilioResource
from tenantry.providers.resting import waiting_id, waits
from tenantry.twilio.errors import Refused
from tenantry.twilio.subaccount import LiveAccount


class SubaccountProvider(TwilioProvider[SubaccountSpec]):
    """Makes, takes over, renames and activates subaccounts."""

    spec: ClassVar[type[Any]] = SubaccountSpec

    def check_with_state(self, olds: Props, news: Props) -> CheckResult:
        """Refuse a changed `adopt`, as a tenant does not move to another account, and an account of another tenant."""
        wanted = news.get("adopt")
        if "slug" in olds and isinstance(wanted, str) and wanted != olds.get("adopt"):
            reason = (
                f"{news.get('slug')} has an account already and can't adopt another ({wanted}); nothing was "
                "changed. Take adopt back, or give that account a tenant of its own"
            )
            return CheckResult(news, [CheckFailure("adopt", reason), *_check_held_elsewhere()])
        return super().check_with_state(olds, news)

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Ask for an update, never for a replacement of an account that is there."""
        if waits(id_):
            wanted = not news.get("ending")
            return DiffResult(changes=wanted, replaces=["ending"] if wanted else [])
        return super().diff(id_, olds, news)

    def find_changes(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Compare the name where we set one, and the last wanted state; a lost account needs an update.

        The state that was last read is no proof: without a refresh it does not show that `AccountState` has suspended
        the account since. So an update records that it is not to be active, and a thaw is then a difference.
        """
        if news.get("ending") == "released":
            return frozenset()
        if olds.get("status") in GONE:
            return frozenset() if news.get("ending") else frozenset({"status"})
        unnamed = set() if news.get("friendly_name") else {"friendly_name"}
        return super().find_changes(id_, olds, news) - unnamed

    def create(self, props: Props) -> CreateResult:
        """Find the tenant's account or make it; a tenant that is leaving gets none."""
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        account = None if spec.ending == "released" else find_account_of_tenant(connection, spec)
        if account is None and spec.ending:
            return CreateResult(waiting_id(spec.slug), {**spec.props(), "status": "missing"})
        if account is not None:
            connection.remember_taken(account.sid)
        account = update_account(connection, spec, account) if account else make_account(connection, spec)
        return CreateResult(account.sid, _build_outputs(spec, account))

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Rename or activate the account; nothing else ever changes it. A lost account fails an open tenant."""
        spec = self.of(news)
        connection = connect(spec.owner_account_sid, olds.get("owner_account_sid"))
        account = connection.session.accounts.refresh(id_)
        if account is not None and account.status != "closed":
            return UpdateResult(_build_outputs(spec, update_account(connection, spec, account)))
        if spec.ending:
            return UpdateResult({**spec.props(), "status": account.status if account else "missing"})
        came_back = closed_refusal(spec.slug) if account else _describe_missing(spec.slug, id_)
        next_step = f"Nothing was changed.{'' if account else connection.session.doubt}"
        raise Refused(came_back, what=f"Updating account {id_}", next_step=next_step)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the account as Twilio has it; a closed or missing one is shown as such, never as deleted."""
        spec = self.of(props)
        connection = connect(spec.owner_account_sid)
        if waits(id_):
            return keep_state(id_, props)
        account = connection.session.accounts.get(id_)
        if account is None and not (spec.ending or props.get("status") == "closed"):
            _refuse_mass_absence(connection, id_)  # closed accounts vanish after 30 days and add up
        return _as_read(spec, id_, props, account)

    def delete(self, id_: str, props: Props) -> None:
        """Succeed only for an account that is closed, missing or released; nothing is changed in Twilio in any case."""
        spec = self.of(props)
        if waits(id_) or spec.ending == "released":
            return
        account = connect(spec.owner_account_sid).session.accounts.refresh(id_)
        if account is not None and account.status != "closed":
            raise Refused(
                f"the account is {account.status}, and we never delete an open account",
                what=f"Deleting account {id_} of {spec.slug}",
                next_step="Nothing was changed. Put the manifest back. If the customer leaves, set state: closed "
                "first; to keep the account outside of this stack or under another slug, state: released.",
            )


class Subaccount(TwilioResource, kind="Subaccount", provider=SubaccountProvider):
    """The Twilio account of a tenant."""


def _check_held_elsewhere() -> list[CheckFailure]:
    try:
        return held_elsewhere()
    except Refused:
        return []  # the account's own failure is reason enough


def _build_outputs(spec: SubaccountSpec, account: LiveAccount) -> Props:
    return {**spec.props(), **_build_status(spec, account.status)}


def _build_status(spec: SubaccountSpec, status: str) -> Props:
    """Return the status, unless it is to be suspended: `AccountState` does that later, and ours would be outdated."""
    return {} if spec.active is False and status not in GONE else {"status": status}


def _as_read(spec: SubaccountSpec, id_: str, props: Props, account: LiveAccount | None) -> ReadResult:
    """Return the result of reading an account; `status` becomes an input only when it shows trouble.

    A closed account that Twilio has deleted is still recorded as closed, so that it never counts as trouble.
    """
    forgotten = "closed" if props.get("status") == "closed" else "missing"
    status = account.status if account else forgotten
    live = dict(spec.props())
    if spec.friendly_name and account:
        live["friendly_name"] = account.friendly_name
    if spec.active:
        live["active"] = status == "active"
    inputs = as_inputs(SubaccountSpec, props, live)
    worry = {"status": status} if status in GONE and not spec.ending else {}
    return ReadResult(id_, {**inputs, **_build_status(spec, status)}, {**inputs, **worry})


def _describe_missing(slug: str, sid: str) -> str:
    return (
        f"{slug}: Twilio does not know account {sid} any more; closed accounts are deleted after 30 days. "
        "Set state: closed, or take a new slug"
    )


def _refuse_mass_absence(connection: Connection, sid: str) -> None:
    """Fail where so many accounts are missing that wrong credentials are likelier than deleted accounts."""
    missing, all_accounts = connection.count_missing(sid), len(connection.session.accounts.all())
    if is_mass_absence(missing, all_accounts):
        raise Refused(
            f"Twilio does not know {missing} of this stack's accounts, and knows {all_accounts}",
            what=f"Reading account {sid}",
            next_step="Nothing was changed. Check that the credentials are those of this stack's parent."
            f"{connection.session.doubt}",
        )
