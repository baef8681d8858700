"""Who did what: each change that the API or the Console makes to an account or a key leaves an entry."""

from dataclasses import fields
from typing import Any

from faketwilio.hosts.monitor.records import AuditEvent
from faketwilio.store.records import Account, ApiKey
from faketwilio.store.store import Store
from faketwilio.wire.call import Caller

HERE = "127.0.0.1"
UNTOLD = frozenset({"auth_token", "secondary_auth_token", "secret", "date_created", "date_updated"})


def note(
    store: Store,
    caller: Caller | None,
    event_type: str,
    record: Account | ApiKey,
    before: Account | ApiKey | None = None,
) -> None:
    """Keep what happened; without a caller it was a person in the Console. What did not change leaves nothing."""
    changes = None if before is None else _list_changes(before, record)
    if changes == {}:
        return
    account_sid = record.account_sid if isinstance(record, ApiKey) or event_type == "account.created" else record.sid
    store.table(AuditEvent).put(
        AuditEvent(
            sid=store.request_sids.sid("AE"),
            account_sid=account_sid,
            event_type=event_type,
            resource_sid=record.sid,
            actor_sid=store.console_user_sid if caller is None else caller.account.sid,
            actor_type="user" if caller is None else "account",
            source="web" if caller is None else "api",
            source_ip_address=HERE,
            event_data=changes,
            event_date=store.clock.now(),
        )
    )


def _list_changes(before: Account | ApiKey, after: Account | ApiKey) -> dict[str, Any]:
    """What changed, as the spec's example shows it; values are text, and no secret is among them."""
    pairs = {
        field.name: (getattr(before, field.name), getattr(after, field.name))
        for field in fields(after)
        if field.name not in UNTOLD
    }
    return {
        name: {"previous": _render_value(old), "updated": _render_value(new)}
        for name, (old, new) in pairs.items()
        if old != new
    }


def _render_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | bool) else str(value)
