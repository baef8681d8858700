"""The fleet: registered before anything else, so that its check can stop a run that would lose a tenant."""

import os
from typing import Any, ClassVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, ReadResult, UpdateResult

from tenantry.model.fleet import FleetSpec, abandoned_tenants, lost_tenants, unreleased_tenants
from tenantry.model.hold import PUT_BACK, VANISHED
from tenantry.providers.base import Props, TwilioProvider, keep_state, split_known
from tenantry.providers.connection import Connection, connect
from tenantry.providers.ownership import WHOLE, begin_recovery, holds_accounts, is_unrecorded, may_be_lost
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.errors import Refused
from tenantry.twilio.http.shown_address import address_from, of_a_fake

NOT_LOST = (
    "the state of this stack is not lost, it holds accounts of tenants: --recover (TENANTRY_RECOVER) is a mistake; "
    "nothing was changed. Leave it out. To take over an account that is missing in the state, name it in its tenant's "
    "manifest with `account: {adopt: AC…}`"
)

_GONE = (
    "the manifest is gone; put it back. A slug can't be renamed: to keep account and keys under another one, write "
    "state: released in {slug} and run `tenantry up`, remove it and run again, then write the other manifest with "
    "adopt. If the customer leaves, write state: closed and close_after in it first"
)

_ABANDONED = (
    "it is managed, and can't be only observed from now on: its resources would leave the state. To leave its account "
    "alone, write state: released in place of manage: observe"
)


class FleetProvider(TwilioProvider[FleetSpec]):
    """Refuses another parent than before, and a tenant whose manifest is gone and that has an account."""

    spec: ClassVar[type[Any]] = FleetSpec

    def check_with_state(self, olds: Props, news: Props) -> CheckResult:
        """Keep what can't be undone, and refuse what would lose something."""
        known, unknown = split_known(news)
        old, new = _read_recorded(olds), FleetSpec.of(known)
        account_sid = new.account_sid or old.account_sid
        kept = {slug: "closed" for slug in new.standing if old.standing.get(slug) == "closed"}
        inputs = {
            "account_sid": account_sid,
            "standing": {**new.standing, **kept},
            "recovering": new.recovering,
            "held": new.held,
            "address": new.address or (None if os.environ.get("TWILIO_ACCOUNT_SID") else old.address),
            **unknown,
        }
        lost = [] if "standing" in unknown else _lost_failures(old, new)
        parent = [] if "account_sid" in unknown else _parent_failures(old, account_sid)
        lost += [] if "standing" in unknown else _abandoned_failures(old, new)
        held = [] if "held" in unknown else _unreleased_failures(old, new)
        failures = [*parent, *lost, *held, *(_recovery_failures(old) if new.recovering else [])]
        return CheckResult({key: value for key, value in inputs.items() if value is not None}, failures)

    def create(self, props: Props) -> CreateResult:
        """Ask Twilio for the parent account once: wrong credentials are detected before anything is made."""
        fleet = self.of(props)
        session = connect(fleet.account_sid).session
        parent = session.subaccounts.fetch(session.parent_sid)
        if not parent.is_parent:
            raise Refused(
                f"it is a subaccount of {parent.owner_account_sid}",
                what=f"Taking {parent.sid} as the parent account of this stack",
                next_step="Nothing was made. Use the credentials of the parent account: subaccounts can't have any.",
            )
        return CreateResult("fleet", {**fleet.props(), "account_sid": session.parent_sid})

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Record where the tenants stand now. A tenant goes by itself where the state and Twilio have nothing of it."""
        fleet = self.of(news)
        connection = connect(fleet.account_sid, olds.get("account_sid"))
        for slug in lost_tenants(_read_recorded(olds), fleet):
            _refuse_unrecorded(connection, slug)
        return UpdateResult(fleet.props())

    def read(self, id_: str, props: Props) -> ReadResult:
        """Compare the credentials with the parent, before a refresh asks for anything else."""
        connect(self.of(props).account_sid)
        return keep_state(id_, props)

    def delete(self, id_: str, props: Props) -> None:
        """Compare the credentials with the parent; there is nothing to delete."""
        connect(self.of(props).account_sid)


class Fleet(TwilioResource, kind="Fleet", provider=FleetProvider):
    """The fleet of a stack."""


def _read_recorded(olds: Props) -> FleetSpec:
    """Return the fleet of the last run; a tenant whose standing only a newer version knows is still in it."""
    standing, account_sid, address = (olds.get(name) for name in ("standing", "account_sid", "address"))
    held = olds.get("held")
    return FleetSpec.model_construct(
        account_sid=account_sid if isinstance(account_sid, str) else None,
        standing=standing if isinstance(standing, dict) else {},
        recovering=olds.get("recovering") is True or None,
        address=address if isinstance(address, str) else None,
        held=held if isinstance(held, dict) else None,
    )


def _parent_failures(old: FleetSpec, new: str | None) -> list[CheckFailure]:
    credentials = os.environ.get("TWILIO_ACCOUNT_SID")
    if old.account_sid and new and old.account_sid != new:
        reason = (
            f"this stack belongs to the parent account {old.account_sid}, and this run is for {new}; nothing was "
            "changed. One stack is one parent: use that parent's credentials, or another stack"
        )
    elif new and credentials and credentials != new:
        reason = (
            f"TWILIO_ACCOUNT_SID is {credentials}, but this stack belongs to the parent account {new}; nothing was "
            "changed. Use that parent's credentials, or another stack"
        )
    elif old.address and credentials and not address_from(os.environ):
        reason = f"now Twilio itself is asked for the parent account {new}; nothing was changed"
    else:
        return []
    return [CheckFailure(WHOLE, f"{reason}{_hint(old)}")]


def _hint(old: FleetSpec) -> str:
    """Return what to do where the last run went to a fake, which alone has its accounts."""
    return f". {of_a_fake(str(old.account_sid), old.address)}" if old.address else ""


def _recovery_failures(old: FleetSpec) -> list[CheckFailure]:
    """Return why this run may not recover a lost state: the state is there. A recovery that was begun goes on."""
    if old.recovering:
        return []
    try:
        if not holds_accounts():
            begin_recovery()
            return []
    except Refused as unknown:
        return [CheckFailure(WHOLE, str(unknown))]
    return [CheckFailure(WHOLE, NOT_LOST)]


def _lost_failures(old: FleetSpec, new: FleetSpec) -> list[CheckFailure]:
    try:
        lost = [slug for slug in lost_tenants(old, new) if may_be_lost(slug)]
    except Refused as unknown:
        return [CheckFailure(WHOLE, str(unknown))]
    return [CheckFailure(WHOLE, f"{slug}: {_GONE.format(slug=slug)}") for slug in lost]


def _abandoned_failures(old: FleetSpec, new: FleetSpec) -> list[CheckFailure]:
    return [CheckFailure(WHOLE, f"{slug}: {_ABANDONED}") for slug in abandoned_tenants(old, new)]


def _unreleased_failures(old: FleetSpec, new: FleetSpec) -> list[CheckFailure]:
    return [
        CheckFailure(WHOLE, f"{slug}: {VANISHED}; nothing was changed. {PUT_BACK}")
        for slug in unreleased_tenants(old, new)
    ]


def _refuse_unrecorded(connection: Connection, slug: str) -> None:
    """Refuse to forget a tenant for which a run that did not end well may have made an account."""
    for account in connection.accounts_before_creating():
        if is_unrecorded(account, slug):
            raise Refused(
                f"an earlier run may have made {account.sid} '{account.friendly_name}' for it",
                what=f"Forgetting {slug}, whose manifest is gone",
                next_step=f"Nothing was changed. Put the manifest of {slug} back and run again, which takes that "
                "account over; if nobody needs it, close it in the Console.",
            )
