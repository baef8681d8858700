"""Event Streams subscriptions: which events go to a sink."""

from dataclasses import replace
from typing import Any

from faketwilio.hosts.events.catalogue import PREFIX, REJECTED, EventTypes
from faketwilio.hosts.events.event_sink import is_used, sink_of
from faketwilio.hosts.events.records import EventSubscription, EventType
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import NotBuiltError, TwilioError, invalid
from faketwilio.wire.formats import format_iso
from faketwilio.wire.forms import read_json_parameter
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/event-streams/subscription"


def operations() -> tuple[Operation, ...]:
    list_path, item_path = "/v1/Subscriptions", "/v1/Subscriptions/{Sid}"
    return crud(
        list_path, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete
    )


def find_subscription(call: Call) -> EventSubscription:
    """The account's subscription that the path names; 400/91006 for another kind's SID, 404/91102 for none."""
    sid = call.names["Sid"]
    if not (sid.startswith("DF") and len(sid) == 34):
        raise TwilioError(400, 91006, f"Invalid subscription SID format: {sid}")
    found = call.store.table(EventSubscription).get(sid)
    if found is None or found.account_sid != call.account.sid:
        raise TwilioError(404, 91102, f"Subscription not found: {sid}")
    return found


def find_type(call: Call, name: str) -> EventType:
    """A type of the catalogue that can be subscribed to: deprecated ones can, discontinued ones can't.

    Raises 501 for a name that Twilio may have and the fake has not, for a guess would be wrong either way.
    """
    known = call.store.part(EventTypes).get(name)
    if known is None and name.startswith(PREFIX) and name not in REJECTED:
        raise NotBuiltError(f"the fake does not know the event type {name}; POST /_fake/event-types adds it")
    if known is None or known.status == "discontinued":
        raise TwilioError(400, 91104, f"Invalid event type: {name}")
    return known


def choose_version(known: EventType, version: Any) -> int:
    """The schema version to store: left out, it is pinned to the one that is the latest today."""
    if version is None:
        return known.latest_schema_version
    if type(version) is not int or not 1 <= version <= known.latest_schema_version:
        raise invalid("schema_version", version)
    return version


def _create(call: Call) -> Answer:
    store, params = call.store, call.params
    if params.get("Description") == "":
        raise TwilioError(400, 91101, "Description must not be empty")
    description, sink_sid = params.require("Description"), params.require("SinkSid")
    types = _read_types(call, params.all("Types"))
    _refuse_sink(call, sink_sid)
    if store.table(EventSubscription).count(call.account.sid) >= store.behaviour.max_subscriptions:
        raise TwilioError(400, store.behaviour.max_subscriptions_code, "Maximum number of subscriptions reached")
    now = store.clock.now()
    subscription = EventSubscription(store.sids.sid("DF"), call.account.sid, description, sink_sid, types, now, now)
    return Answer(201, _render(call, store.table(EventSubscription).put(subscription)))


def _list(call: Call) -> Answer:
    sink_sid = call.params.get("SinkSid")
    found = [
        subscription
        for subscription in call.store.table(EventSubscription).of(call.account.sid)
        if sink_sid in (None, "", subscription.sink_sid)
    ]
    return Answer(
        200,
        build_meta_page(
            call,
            "subscriptions",
            found,
            lambda subscription: subscription.sid,
            lambda subscription: _render(call, subscription),
        ),
    )


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, find_subscription(call)))


def _update(call: Call) -> Answer:
    found, description = find_subscription(call), call.params.get("Description")
    if description == "":
        raise TwilioError(400, 91101, "Description must not be empty")
    changed = replace(found, description=description or found.description, date_updated=call.store.clock.now())
    return Answer(200, _render(call, call.store.table(EventSubscription).put(changed)))


def _delete(call: Call) -> Answer:
    call.store.table(EventSubscription).remove(find_subscription(call).sid)
    return Answer(204)


def _refuse_sink(call: Call, sink_sid: str) -> None:
    sink = sink_of(call, sink_sid)
    if sink is None:
        raise TwilioError(400, 91001, f"Sink not found: {sink_sid}")
    if sink.status != "active":
        raise TwilioError(400, 91100, f"Sink with SID {sink_sid} is not active")
    if is_used(call, sink_sid) and call.store.behaviour.one_subscription_per_sink:
        raise TwilioError(400, call.store.behaviour.sink_taken_code, f"Sink with SID {sink_sid} is in use")


def _read_types(call: Call, texts: tuple[str, ...]) -> dict[str, int]:
    """The repeated `Types`: one JSON object each. One array of them all, as some documents say, does not work."""
    if not texts:
        raise TwilioError(400, 91103, "The list of event types is empty")
    types: dict[str, int] = {}
    for place, text in enumerate(texts):
        item = _read_item(place, text)
        known = find_type(call, item["type"])
        if known.type in types:
            raise TwilioError(400, 91101, f"Duplicate event type: {known.type}")
        types[known.type] = choose_version(known, item.get("schema_version"))
    return types


def _read_item(place: int, text: str) -> dict[str, Any]:
    item = read_json_parameter(f"event_types[{place}]", text)
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise TwilioError(400, 20001, f"Missing required input parameter event_types[{place}].type")
    return item


def _render(call: Call, found: EventSubscription) -> dict[str, object]:
    url = f"https://{call.host}/v1/Subscriptions/{found.sid}"
    return {
        "account_sid": found.account_sid,
        "sid": found.sid,
        "date_created": format_iso(found.date_created),
        "date_updated": format_iso(found.date_updated),
        "description": found.description,
        "sink_sid": found.sink_sid,
        "url": url,
        "links": {"subscribed_events": f"{url}/SubscribedEvents"},
    }
