"""How the operations of Event Streams, of Monitor and of the status page are called through the SDK."""

from collections.abc import Mapping
from datetime import UTC, datetime

from shape_world import ERROR_TYPE, OTHER_TYPE, Call

DAY = {"start_date": datetime(2027, 1, 1, tzinfo=UTC), "end_date": datetime(2027, 1, 31, tzinfo=UTC)}

SINKS: Mapping[str, Call] = {
    "POST /v1/Sinks": lambda w: (w.sink, w.new_sink("kinesis")),
    "GET /v1/Sinks": lambda w: (
        w.subscription,
        w.new_sink(),
        w.client.events.v1.sinks.list(page_size=1),
        w.client.events.v1.sinks.list(in_use=True, status="active"),
    ),
    "GET /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).fetch(),
    "POST /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).update(description="other"),
    "DELETE /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).delete(),
    "POST /v1/Sinks/{Sid}/Test": lambda w: w.client.events.v1.sinks(w.sink.sid).sink_test.create(),
    "POST /v1/Sinks/{Sid}/Validate": lambda w: (
        sink := w.client.events.v1.sinks(w.new_sink("kinesis").sid),
        sink.sink_test.create(),
        sink.sink_validate.create(w.test_id),
    ),
}

SUBSCRIPTIONS: Mapping[str, Call] = {
    "POST /v1/Subscriptions": lambda w: w.subscription,
    "GET /v1/Subscriptions": lambda w: (
        w.subscription,
        w.client.events.v1.subscriptions.list(sink_sid=w.sink.sid, page_size=1),
    ),
    "GET /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).fetch(),
    "POST /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).update("other"),
    "DELETE /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).delete(),
    "POST /v1/Subscriptions/{Sid}/SubscribedEvents": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events.create(OTHER_TYPE, schema_version=1),
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events.create(OTHER_TYPE),
    ),
    "GET /v1/Subscriptions/{Sid}/SubscribedEvents": lambda w: w.client.events.v1.subscriptions(
        w.subscription.sid
    ).subscribed_events.list(page_size=1),
    "GET /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events(ERROR_TYPE).fetch()
    ),
    "POST /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events(ERROR_TYPE).update(schema_version=1)
    ),
    "DELETE /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        events := w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events,
        events.create(OTHER_TYPE),
        events(ERROR_TYPE).delete(),
    ),
}

TYPES: Mapping[str, Call] = {
    "GET /v1/Types": lambda w: (
        w.client.events.v1.event_types.list(page_size=2),
        w.client.events.v1.event_types.list(schema_id="ErrorLogs.Error"),
    ),
    "GET /v1/Types/{Type}": lambda w: w.client.events.v1.event_types(ERROR_TYPE).fetch(),
}

SCHEMAS: Mapping[str, Call] = {
    "GET /v1/Schemas/{Id}": lambda w: w.client.events.v1.schemas("ErrorLogs.Error").fetch(),
    "GET /v1/Schemas/{Id}/Versions": lambda w: w.client.events.v1.schemas("ErrorLogs.Error").versions.list(page_size=1),
    "GET /v1/Schemas/{Id}/Versions/{SchemaVersion}": lambda w: (
        w.client.events.v1.schemas("ErrorLogs.Error").versions(1).fetch()
    ),
}

MONITOR: Mapping[str, Call] = {
    "GET /v1/Alerts": lambda w: (w.alert, w.client.monitor.v1.alerts.list(log_level="error", **DAY, page_size=1)),
    "GET /v1/Alerts/{Sid}": lambda w: w.client.monitor.v1.alerts(w.alert).fetch(),
    "GET /v1/Events": lambda w: (
        w.key,
        w.client.monitor.v1.events.list(page_size=1),
        w.client.monitor.v1.events.list(event_type="api-key.created", resource_sid=w.key.sid, **DAY),
    ),
    "GET /v1/Events/{Sid}": lambda w: (
        w.key,
        w.client.monitor.v1.events(w.client.monitor.v1.events.list()[0].sid).fetch(),
    ),
}

STATUS: Mapping[str, Call] = {
    f"GET /api/v2/{part}.json": lambda w, part=part: w.get(f"https://status.twilio.com/api/v2/{part}.json")
    for part in (
        *("summary", "status", "components", "incidents", "incidents/unresolved"),
        *("scheduled-maintenances", "scheduled-maintenances/upcoming", "scheduled-maintenances/active"),
    )
}
