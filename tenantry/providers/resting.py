"""Tenants that are not active: their objects are left as they are, and missing objects wait to be made."""

from typing import Any

from pulumi.dynamic import DiffResult

from tenantry.model.resources import WAITING
from tenantry.providers.base import Props


def waiting_id(name: str) -> str:
    """Return the id of an object that is not made yet; the name shows people which."""
    return f"{WAITING}{name}"


def waits(id_: Any) -> bool:
    """Return whether an id is that of an object that is not made yet; one that a preview does not know does not."""
    return isinstance(id_, str) and id_.startswith(WAITING)


def is_account(account_sid: Any) -> bool:
    """Return whether an account exists, and does not wait to be made."""
    return isinstance(account_sid, str) and account_sid.startswith("AC")


def resting(id_: str, news: Props) -> DiffResult | None:
    """Return the diff of an object whose tenant is not active: nothing. Once the tenant is active: make what waits.

    None where there is something to compare. Pulumi makes an object that has an id already by a replacement.
    """
    if news.get("frozen"):
        return DiffResult(changes=False, replaces=[])
    if waits(id_):
        return DiffResult(changes=True, replaces=["account_sid"])
    return None
