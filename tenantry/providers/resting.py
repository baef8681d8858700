"""Tenants that are not active: their objects are left as they are, and missing objects wait to be made."""

from typing import Any

from pulumi.dynamic import DiffResult

from tenantry.model.recorded import WAITING
from tenantry.model.subaccount import is_resting
from tenantry.providers.base import Props
from tenantry.providers.connection import Connection
from tenantry.twilio.errors import Refused


def waiting_id(name: str) -> str:
    """Return the id of an object that is not made yet; the name shows people which."""
    return f"{WAITING}{name}"


def waits(id_: Any) -> bool:
    """Return whether an id is that of an object that is not made yet; one that a preview does not know does not."""
    return isinstance(id_, str) and id_.startswith(WAITING)


def is_account(account_sid: Any) -> bool:
    """Return whether an account exists, and does not wait to be made."""
    return isinstance(account_sid, str) and account_sid.startswith("AC")


def refuse_resting(connection: Connection, account_sid: str, what: str) -> None:
    """Refuse to touch an account, or what is in it, while somebody has it suspended; asks for all accounts once."""
    if connection.just_made(account_sid):
        return
    account = connection.session.accounts.get(account_sid)
    if account is not None and is_resting(account.status):
        raise Refused(
            f"the account is {account.status} in Twilio, and the manifest names no state",
            what=f"{what} in account {account_sid}",
            next_step="It was left as it is. The first run after the account is active does it; `state: active` makes "
            "it active, and `state: suspended` says that it is meant.",
        )


def resting(id_: str, news: Props) -> DiffResult | None:
    """Return the diff of an object whose tenant is not active: nothing. Once the tenant is active: make what waits.

    None where there is something to compare. Pulumi makes an object that has an id already by a replacement.
    """
    if news.get("frozen"):
        return DiffResult(changes=False, replaces=[])
    if waits(id_):
        return DiffResult(changes=True, replaces=["account_sid"])
    return None
