"""Something happens in an account: the sinks that subscribed to it get an event."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from faketwilio.delivery.outbox import Outbox
from faketwilio.delivery.records import Delivery
from faketwilio.hosts.events.catalogue import EventTypes
from faketwilio.hosts.events.records import EventSink, EventSubscription, EventType
from faketwilio.store.store import Store

WHY = "event"


def emit(
    store: Store, account_sid: str, type_name: str, event_id: str, data: dict[str, Any], *, but_not: str | None = None
) -> int:
    """Send an event to each sink that subscribed to its type, but not to one; returns to how many."""
    sinks = [
        (store.table(EventSink).get(subscription.sink_sid), subscription.types[type_name])
        for subscription in store.table(EventSubscription).of(account_sid)
        if type_name in subscription.types and subscription.sink_sid != but_not
    ]
    for sink, version in sinks:
        if sink is not None:
            send_event(store, sink, type_name, version, event_id, data)
    return len(sinks)


def send_event(
    store: Store, sink: EventSink, type_name: str, version: int, event_id: str, data: dict[str, Any]
) -> None:
    """Send one event to a sink; what is no webhook is kept as unsent."""
    now, kind = store.clock.now(), store.part(EventTypes)[type_name]
    source = f"/v1/Sinks/{sink.sid}"
    event = build_cloud_event(kind, version, event_id=event_id, source=source, at=now, data=data)
    is_webhook = sink.sink_type == "webhook"
    delivery = Delivery(
        sid=store.request_sids.sid("WH"),
        account_sid=sink.account_sid,
        why=WHY,
        about=sink.sid,
        method=str(sink.sink_configuration.get("method", "post")).upper(),
        url=str(sink.sink_configuration.get("destination", "")),
        created=now,
        next_attempt=now,
        events=(event,),
        is_batch=sink.sink_configuration.get("batch_events") is True,
    )
    if not is_webhook:
        delivery = replace(delivery, state="unsent", next_attempt=None, reason=f"the fake has no {sink.sink_type}")
    store.part(Outbox).add_event(delivery)
    store.worker.wake()


def is_for_deleted_sink(store: Store, delivery: Delivery) -> bool:
    """Whether events wait for a sink that was deleted meanwhile."""
    return bool(delivery.events) and store.table(EventSink).get(delivery.about) is None


def build_cloud_event(
    kind: EventType, version: int, *, event_id: str, source: str, at: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    """An event with its envelope; `source` is the fake's own reading, Twilio's examples disagree."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "type": kind.type,
        "source": source,
        "time": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "datacontenttype": "application/json",
        "dataschema": f"https://events-schemas.twilio.com/{kind.schema_id}/{version}",
        "data": data,
    }
