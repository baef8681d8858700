"""The state of the fake as JSON, without a secret or a token in it."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from faketwilio.control.kinds import CHILDREN
from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.store.records import Account
from faketwilio.store.store import Store
from faketwilio.store.table import Table
from faketwilio.wire.formats import format_iso

SECRETS = frozenset({"auth_token", "secondary_auth_token", "secret"})


def render_state(store: Store) -> dict[str, Any]:
    """Everything that is stored, by account SID."""
    return {
        "now": format_iso(store.clock.now()),
        "parent": store.parent_sid,
        "accounts": {account.sid: _render_account(store, account) for account in store.accounts_of(store.parent_sid)},
    }


def record_json(record: Any) -> dict[str, Any]:
    """One record, field by field as it is stored."""
    return {field.name: _simplify(getattr(record, field.name)) for field in fields(record) if field.name not in SECRETS}


def _render_account(store: Store, account: Account) -> dict[str, Any]:
    return (
        record_json(account)
        | {kind.plural: _render_all(store.table(kind.record), account) for kind in CHILDREN.values()}
        | {"incoming_phone_numbers": _render_all(store.table(IncomingPhoneNumber), account)}
    )


def _render_all(table: Table[Any], account: Account) -> list[dict[str, Any]]:
    return [record_json(record) for record in table.of(account.sid)]


def _simplify(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_iso(value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return dict(value) if hasattr(value, "keys") else list(value)
