"""Event Streams sinks: where events go. They carry no account SID, so nothing tells whose one is."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from faketwilio.hosts.events.emission import send_event
from faketwilio.hosts.events.records import EventSink, EventSubscription
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, invalid
from faketwilio.wire.formats import format_iso
from faketwilio.wire.forms import read_json_parameter
from faketwilio.wire.paging import build_meta_page

SID = re.compile(r"DG[0-9a-fA-F]{32}")
SINK_TYPES = ("kinesis", "webhook", "segment", "email")
STATUSES = ("initialized", "validating", "active", "failed")
TEST_EVENT = "com.twilio.eventstreams.test-event"
PERMISSION = "/twilio/event-streams/sink"


def operations() -> tuple[Operation, ...]:
    list_path, item_path = "/v1/Sinks", "/v1/Sinks/{Sid}"
    return (
        *crud(
            list_path, item_path, PERMISSION, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete
        ),
        Operation("POST", f"{item_path}/Test", _test, f"{PERMISSION}.test/create"),
        Operation("POST", f"{item_path}/Validate", _validate, f"{PERMISSION}/update"),
    )


def sink_of(call: Call, sid: str) -> EventSink | None:
    """The account's sink of that SID; raises 91006 if it is no sink's SID at all."""
    if not SID.fullmatch(sid):
        raise TwilioError(400, 91006, f"Invalid sink SID format: {sid}")
    sink = call.store.table(EventSink).get(sid)
    return sink if sink is not None and sink.account_sid == call.account.sid else None


def is_used(call: Call, sink_sid: str) -> bool:
    return any(
        subscription.sink_sid == sink_sid for subscription in call.store.table(EventSubscription).of(call.account.sid)
    )


def _create(call: Call) -> Answer:
    store, params = call.store, call.params
    description, sink_type, text = (params.require(n) for n in ("Description", "SinkType", "SinkConfiguration"))
    if sink_type not in SINK_TYPES:
        raise invalid("SinkType", sink_type)
    configuration = _read_configuration(sink_type, text)
    if store.table(EventSink).count(call.account.sid) >= store.behaviour.max_sinks:
        raise TwilioError(400, 91003, "Maximum number of sinks reached")
    now = store.clock.now()
    sink = EventSink(
        sid=store.sids.sid("DG"),
        account_sid=call.account.sid,
        description=description,
        sink_type=sink_type,
        sink_configuration=configuration,
        status="initialized" if sink_type == "kinesis" else "active",
        date_created=now,
        date_updated=now,
    )
    return Answer(201, _render(call, store.table(EventSink).put(sink)))


def _list(call: Call) -> Answer:
    in_use, status = call.params.choice("InUse", ("true", "false")), call.params.choice("Status", STATUSES)
    found = [
        sink
        for sink in call.store.table(EventSink).of(call.account.sid)
        if status in (None, sink.status) and (in_use is None or is_used(call, sink.sid) == (in_use == "true"))
    ]
    return Answer(200, build_meta_page(call, "sinks", found, lambda sink: sink.sid, lambda sink: _render(call, sink)))


def _fetch(call: Call) -> Answer:
    return Answer(200, _render(call, _find(call)))


def _update(call: Call) -> Answer:
    # Only the description can change: another destination is ignored, so a client must make a new sink.
    sink, description = _find(call), call.params.require("Description")
    changed = replace(sink, description=description, date_updated=call.store.clock.now())
    return Answer(200, _render(call, call.store.table(EventSink).put(changed)))


def _delete(call: Call) -> Answer:
    sink = _find(call)
    if is_used(call, sink.sid):
        raise TwilioError(400, 91007, f"Sink still in use: {sink.sid}")
    call.store.table(EventSink).remove(sink.sid)
    return Answer(204)


def _test(call: Call) -> Answer:
    sink, store = _find(call), call.store
    status = "validating" if sink.status == "initialized" else sink.status
    test_id = store.sids.uuid()
    tested = replace(sink, status=status, test_id=test_id, date_updated=store.clock.now())
    send_event(store, store.table(EventSink).put(tested), TEST_EVENT, 1, sink.account_sid, {"test_id": test_id})
    return Answer(201, {"result": "submitted"})


def _validate(call: Call) -> Answer:
    sink, test_id = _find(call), call.params.require("TestId")
    if test_id != sink.test_id:
        raise invalid("TestId", test_id)
    call.store.table(EventSink).put(replace(sink, status="active", date_updated=call.store.clock.now()))
    return Answer(201, {"result": "valid"})


def _find(call: Call) -> EventSink:
    sid = call.names["Sid"]
    sink = sink_of(call, sid)
    if sink is None:
        raise TwilioError(404, 91001, f"Sink not found: {sid}")
    return sink


def _read_configuration(sink_type: str, text: str) -> dict[str, Any]:
    configuration = read_json_parameter("SinkConfiguration", text)
    if not isinstance(configuration, dict):
        raise _make_configuration_error("it is not a JSON object")
    return _read_webhook(configuration) if sink_type == "webhook" else configuration


def _read_webhook(given: dict[str, Any]) -> dict[str, Any]:
    """What a webhook sink stores: an omitted method reads back as lower-case `post`, omitted batching as false."""
    read_back: dict[str, Any] = {"destination": None, "method": "post", "batch_events": False} | given
    if unknown := set(read_back) - {"destination", "method", "batch_events"}:
        raise _make_configuration_error(f"unknown {', '.join(sorted(unknown))}")
    if not _is_url(read_back["destination"]):
        raise _make_configuration_error("destination is not a URL")
    if not isinstance(read_back["method"], str) or read_back["method"].upper() not in ("GET", "POST"):
        raise _make_configuration_error("method is neither GET nor POST")
    if not isinstance(read_back["batch_events"], bool):
        raise _make_configuration_error("batch_events is not a boolean")
    return read_back


def _make_configuration_error(reason: str) -> TwilioError:
    return TwilioError(400, 91000, f"Invalid sink configuration: {reason}")


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or any(c.isspace() for c in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _render(call: Call, sink: EventSink) -> dict[str, object]:
    url = f"https://{call.host}/v1/Sinks/{sink.sid}"
    return {
        "status": sink.status,
        "sink_configuration": dict(sink.sink_configuration),
        "description": sink.description,
        "sid": sink.sid,
        "date_created": format_iso(sink.date_created),
        "sink_type": sink.sink_type,
        "date_updated": format_iso(sink.date_updated),
        "url": url,
        "links": {"sink_test": f"{url}/Test", "sink_validate": f"{url}/Validate"},
    }
