"""Tenants that rest: while one is not active, what it has is left as it is, and what it lacks waits to be made."""

from typing import Any

from pulumi.dynamic import DiffResult

from tenantry.model.resources import WAITING
from tenantry.model.subaccount import is_resting
from tenantry.providers.base import Props
from tenantry.providers.connection import Connection
from tenantry.twilio.errors import Refused


def waiting_id(name: str) -> str:
    """Return the id of an object that is not made yet; the name tells people which."""
    return f"{WAITING}{name}"


def waits(id_: Any) -> bool:
    """Return whether an id is that of an object that is not made yet; one that a preview does not know does not."""
    return isinstance(id_, str) and id_.startswith(WAITING)


def is_account(account_sid: Any) -> bool:
    """Return whether there is an account at all, and not one that waits to be made."""
    return isinstance(account_sid, str) and account_sid.startswith("AC")


def refuse_resting(here: Connection, account_sid: str, what: str) -> None:
    """Refuse to touch an account, or what is in it, while somebody has it suspended; asks for all accounts once."""
    if here.just_made(account_sid):
        return
    account = here.session.accounts.get(account_sid)
    if account is not None and is_resting(account.status):
        raise Refused(
            f"the account is {account.status} in Twilio, and the manifest names no state",
            what=f"{what} in account {account_sid}",
            next_step="It was left as it is. The first run after the account is active does it; `state: active` makes "
            "it active, and `state: suspended` says that it is meant.",
        )


def resting(id_: str, news: Props) -> DiffResult | None:
    """Return what diff says while the tenant rests: nothing; and once it does not: make what waits.

    None where there is something to compare. A replacement is how Pulumi makes an object that has an id already.
    """
    if news.get("frozen"):
        return DiffResult(changes=False, replaces=[])
    if waits(id_):
        return DiffResult(changes=True, replaces=["account_sid"])
    return None
