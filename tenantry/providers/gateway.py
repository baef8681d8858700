"""What every gateway of objects in a subaccount does on the wire, and changing and deleting through one."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from tenantry.model.spec import ChildSpec
from tenantry.providers.base import find_differences
from tenantry.providers.connection import Connection
from tenantry.twilio.errors import NotFound
from tenantry.twilio.http.lost_write import settle
from tenantry.twilio.live import Live

C = TypeVar("C", bound=ChildSpec)
log = logging.getLogger(__name__)


class Gateway(Protocol[C]):
    """A gateway of one kind; it also decides which object belongs to an entry (tenantry/twilio/matching.py)."""

    def name_of(self, spec: C) -> str: ...
    def fixed_fields(self, spec: C) -> Mapping[str, object]: ...
    def complete(self, account_sid: str, listed: Live[C]) -> Live[C]: ...
    def find(self, account_sid: str, wanted: C, listed: Iterable[Live[C]]) -> tuple[Live[C], ...]: ...
    def list(self, account_sid: str) -> tuple[Live[C], ...]: ...
    def fetch(self, account_sid: str, sid: str) -> Live[C]: ...
    def create(self, account_sid: str, spec: C) -> Live[C]: ...
    def update(self, account_sid: str, sid: str, spec: C) -> Live[C]: ...
    def delete(self, account_sid: str, sid: str) -> None: ...


def update(
    connection: Connection, kind: str, gateway: Gateway[C], sid: str, spec: C, look: Callable[[], Live[C]]
) -> Live[C]:
    """Change one object; where the answer is lost, look, and change it again unless it has the wanted settings."""
    account_sid = account_of(spec)

    def as_wanted() -> Live[C] | None:
        live = look()
        return None if unlike(live, spec) else live

    try:
        return settle(
            lambda: gateway.update(account_sid, sid, spec), as_wanted, lambda _: True, connection.session.waiting()
        )
    finally:
        connection.lists.drop(kind, account_sid)


def unlike(live: Live[C], spec: C) -> frozenset[str]:
    """Return the fields that an update would change."""
    return find_differences(type(spec), live.spec.props(), spec.props()) - spec.OURS - spec.REPLACES


def delete(connection: Connection, kind: str, gateway: Gateway[Any], account_sid: str, sid: str) -> None:
    """Delete one object, if it still exists: after a lost answer, or a deletion in the Console, it does not."""
    try:
        gateway.delete(account_sid, sid)
    except NotFound:
        log.debug("%s was deleted already", sid)
    finally:
        connection.lists.drop(kind, account_sid)


def account_of(spec: ChildSpec) -> str:
    """Return the account that an object lives in, which every call needs and only a preview may lack."""
    if spec.account_sid is None:
        raise ValueError(f"{type(spec).__name__} without account_sid: pass the account's id")
    return spec.account_sid
