"""Acts as in Twilio's Console: the stored records change directly, past every rule of the API."""

from dataclasses import fields, replace
from typing import Any

from faketwilio.control.archived import delete_archived, set_archived
from faketwilio.control.fields import read_fields
from faketwilio.control.kinds import CHILDREN, KINDS
from faketwilio.control.state import record_json
from faketwilio.hosts.api.archives import archive_of, remove_archived
from faketwilio.hosts.api.incoming_phone_number import release_numbers
from faketwilio.hosts.events.records import EventSink, EventSubscription
from faketwilio.hosts.monitor.audit import note
from faketwilio.store.records import Account, ApiKey
from faketwilio.store.store import Store
from faketwilio.store.table import Table


def act(store: Store, order: dict[str, Any]) -> dict[str, Any]:
    """One act: {"set": SID, "fields": {…}}, {"delete": SID} or {"create": kind, "account": SID, "fields": {…}}.

    Raises ValueError for what can't be, LookupError for what is not there.
    """
    match order:
        case {"set": str(sid), "fields": dict(values), **rest} if not rest:
            return _set(store, sid, values)
        case {"delete": str(sid), **rest} if not rest:
            return _delete(store, sid)
        case {"create": str(kind), "account": str(account), "fields": dict(values), **rest} if not rest:
            return _create(store, kind, account, values)
    raise ValueError(
        'an act is {"set": SID, "fields": {…}}, {"delete": SID} or {"create": kind, "account": SID, "fields": {…}}'
    )


def _set(store: Store, sid: str, values: dict[str, Any]) -> dict[str, Any]:
    if archive := archive_of(store, sid):
        return set_archived(store, archive, sid, values)
    table, record = _find(store, sid)
    now = store.clock.now()
    changes = {"date_updated": now} | read_fields(type(record), values)
    if isinstance(record, Account) and changes.get("status") == "closed" and record.closed_at is None:
        changes.setdefault("closed_at", now)
        release_numbers(store, sid)
    changed = replace(record, **changes)
    _note(store, "updated", changed, record)
    return record_json(table.put(changed))


def _delete(store: Store, sid: str) -> dict[str, Any]:
    if archive := archive_of(store, sid):
        return delete_archived(archive, sid)
    table, record = _find(store, sid)
    if sid == store.parent_sid:
        raise ValueError(f"{sid} is the parent account, without which there is no Twilio to fake")
    if isinstance(record, Account):
        for kind in CHILDREN:
            for child in _find_table(store, kind).of(sid):
                _find_table(store, kind).remove(child.sid)
        release_numbers(store, sid)
        remove_archived(store, sid)
    if isinstance(record, EventSink):
        for subscription in store.table(EventSubscription).of(record.account_sid):
            if subscription.sink_sid == sid:
                store.table(EventSubscription).remove(subscription.sid)
    table.remove(sid)
    _note(store, "deleted", record)
    return {"deleted": sid}


def _create(store: Store, kind: str, account_sid: str, values: dict[str, Any]) -> dict[str, Any]:
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(KINDS)}")
    if store.account(account_sid) is None:
        raise LookupError(f"no account {account_sid}")
    prefix, record_type = KINDS[kind].prefix, KINDS[kind].record
    fresh = (
        _fill_defaults(store, kind, account_sid) | {"sid": store.sids.sid(prefix)} | read_fields(record_type, values)
    )
    wanted = {field.name for field in fields(record_type)}
    if kind == "event_subscription" and "sink_sid" not in fresh:
        fresh["sink_sid"] = _find_newest_sink(store, account_sid)
    record = record_type(**{name: value for name, value in fresh.items() if name in wanted})
    _find_table(store, kind).put(record)
    _note(store, "created", record)
    # As in the Console, a new key's secret is shown this once.
    return record_json(record) | ({"secret": record.secret} if isinstance(record, ApiKey) else {})


def _note(store: Store, what: str, record: Any, before: Any = None) -> None:
    if isinstance(record, Account | ApiKey):
        kind = "account" if isinstance(record, Account) else "api-key"
        note(store, None, f"{kind}.{what}", record, before)


def _fill_defaults(store: Store, kind: str, account_sid: str) -> dict[str, Any]:
    now = store.clock.now()
    common = {"account_sid": account_sid, "date_created": now, "date_updated": now}
    return common | dict(KINDS[kind].fresh(store, account_sid))


def _find_newest_sink(store: Store, account_sid: str) -> str:
    sinks = store.table(EventSink).of(account_sid)
    if not sinks:
        raise ValueError(f"{account_sid} has no sink to subscribe; create an event_sink first")
    return sinks[0].sid


def _find(store: Store, sid: str) -> tuple[Table[Any], Any]:
    for name, kind in KINDS.items():
        record = _find_table(store, name).get(sid) if sid.startswith(kind.prefix) else None
        if record is not None:
            return _find_table(store, name), record
    raise LookupError(f"nothing has the SID {sid!r}")


def _find_table(store: Store, kind: str) -> Table[Any]:
    return store.table(KINDS[kind].record)
