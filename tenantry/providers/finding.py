"""What a create would find in Twilio and take over, looked up without changes: for previews."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tenantry.model.comparison import find_changes
from tenantry.model.kinds import KindName
from tenantry.model.spec import ChildSpec
from tenantry.model.subaccount import SubaccountSpec
from tenantry.providers import RESOURCES
from tenantry.providers.adoption import find_adoptable
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of
from tenantry.twilio.live import Live
from tenantry.twilio.subaccount import LiveAccount


@dataclass(frozen=True)
class Found:
    """An existing object, and the properties that an update would change: as Twilio has them, and as we set them."""

    sid: str
    has: Mapping[str, Any]
    wanted: Mapping[str, Any]


def account_as_found(spec: SubaccountSpec, account: LiveAccount) -> Found:
    """Return what a run would change of an account that it takes over."""
    has: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    if spec.friendly_name not in (None, account.friendly_name):
        has["friendly_name"], wanted["friendly_name"] = account.friendly_name, spec.friendly_name
    if spec.active and account.status != "active":
        has["status"], wanted["status"] = account.status, "active"
    return Found(account.sid, has, wanted)


def find_adopted(connection: Connection, kind: KindName, spec: ChildSpec, sid: str) -> Found:
    """Return the object that an entry adopts.

    Raises Refused where it is not there or can't become what is wanted, and TwilioError.
    """
    provider: ChildProvider[Any] = RESOURCES[kind].provider()
    return _as_found(provider, spec, find_adoptable(provider, connection, spec, sid))


def find_named(
    connection: Connection, kind: KindName, spec: ChildSpec, is_lost: Callable[[Live[Any]], bool]
) -> Found | None:
    """Return the object that the create of an entry would find and take over; None if it would make one.

    An object for which `is_lost` is true is made again, and not taken over. Raises TwilioError.
    """
    provider: ChildProvider[Any] = RESOURCES[kind].provider()
    account_sid, gateway = account_of(spec), provider.gateway(connection.session)
    listed = connection.lists.get(kind, account_sid, lambda: gateway.list(account_sid))
    alike = gateway.find(account_sid, spec, listed.values())
    live = next((live for live in alike if not is_lost(live)), None)
    return _as_found(provider, spec, live) if live else None


def _as_found(provider: ChildProvider[Any], spec: ChildSpec, live: Live[Any]) -> Found:
    has, wanted = live.spec.props(), provider.keep_foreign(spec, live).props()
    differs = find_changes(type(spec), has, wanted) - spec.REPLACES
    return Found(live.sid, _select_fields(has, differs), _select_fields(wanted, differs))


def _select_fields(bag: Mapping[str, Any], fields: frozenset[str]) -> Mapping[str, Any]:
    return {field: bag[field] for field in sorted(fields) if field in bag}
