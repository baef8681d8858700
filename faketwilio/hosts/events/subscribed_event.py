"""The event types of one subscription, each pinned to a schema version."""

from collections.abc import Mapping
from dataclasses import replace

from faketwilio.hosts.events.event_subscription import choose_version, find_subscription, find_type
from faketwilio.hosts.events.records import EventSubscription
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, invalid, missing, not_found
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/event-streams/subscription.subscribed-event"


def operations() -> tuple[Operation, ...]:
    many = "/v1/Subscriptions/{Sid}/SubscribedEvents"
    item_path = "/v1/Subscriptions/{Sid}/SubscribedEvents/{Type}"
    return crud(many, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete)


def _create(call: Call) -> Answer:
    found, known = find_subscription(call), find_type(call, call.params.require("Type"))
    status = 200 if known.type in found.types else 201
    version = choose_version(known, _read_version(call))
    changed = _store(call, found, {**found.types, known.type: version})
    return Answer(status, _render(call, changed, known.type))


def _list(call: Call) -> Answer:
    found = find_subscription(call)
    return Answer(200, build_meta_page(call, "types", list(found.types), str, lambda name: _render(call, found, name)))


def _fetch(call: Call) -> Answer:
    found, name = _find_one(call)
    return Answer(200, _render(call, found, name))


def _update(call: Call) -> Answer:
    found, name = _find_one(call)
    version = _read_version(call)
    if version is None:
        raise missing("SchemaVersion")
    pinned = choose_version(find_type(call, name), version)
    return Answer(200, _render(call, _store(call, found, {**found.types, name: pinned}), name))


def _delete(call: Call) -> Answer:
    found, name = _find_one(call)
    remaining = {type_name: version for type_name, version in found.types.items() if type_name != name}
    if not remaining and not call.store.behaviour.last_subscribed_event_can_go:
        raise TwilioError(400, 91103, "The list of event types would be empty")
    _store(call, found, remaining)
    return Answer(204)


def _find_one(call: Call) -> tuple[EventSubscription, str]:
    found, name = find_subscription(call), call.names["Type"]
    if name not in found.types:
        raise not_found(call.path)
    return found, name


def _read_version(call: Call) -> int | None:
    text = call.params.get("SchemaVersion")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid("SchemaVersion", text)
    return int(text)


def _store(call: Call, found: EventSubscription, types: Mapping[str, int]) -> EventSubscription:
    return call.store.table(EventSubscription).put(replace(found, types=types, date_updated=call.store.clock.now()))


def _render(call: Call, found: EventSubscription, name: str) -> dict[str, object]:
    return {
        "account_sid": found.account_sid,
        "subscription_sid": found.sid,
        "type": name,
        "schema_version": found.types[name],
        "url": f"https://{call.host}/v1/Subscriptions/{found.sid}/SubscribedEvents/{name}",
    }
