"""Monitor v1 Events: the audit log, read-only."""

from faketwilio.hosts.monitor.filters import KEPT, LONGEST, read_span
from faketwilio.hosts.monitor.records import AuditEvent
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_iso
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/monitor/events"
FILTERS = {
    "ActorSid": "actor_sid",
    "EventType": "event_type",
    "ResourceSid": "resource_sid",
    "SourceIpAddress": "source_ip_address",
}


def operations() -> tuple[Operation, ...]:
    return (
        Operation("GET", "/v1/Events", _list, f"{PERMISSION}/list"),
        Operation("GET", "/v1/Events/{Sid}", _fetch, f"{PERMISSION}/read"),
    )


def _list(call: Call) -> Answer:
    first, last = read_span(call)
    wanted = {field: call.params.get(name) for name, field in FILTERS.items()}
    found = [
        event
        for event in call.store.table(AuditEvent).of(call.account.sid)
        if first <= event.event_date <= last
        and all(value in (None, "", getattr(event, field)) for field, value in wanted.items())
    ]
    return Answer(
        200,
        build_meta_page(call, "events", found[:LONGEST], lambda event: event.sid, lambda event: _render(call, event)),
    )


def _fetch(call: Call) -> Answer:
    event = call.store.table(AuditEvent).get(call.sid("Sid", "AE"))
    if event is None or event.account_sid != call.account.sid or event.event_date < call.store.clock.now() - KEPT:
        raise not_found(call.path)
    return Answer(200, _render(call, event))


def _render(call: Call, event: AuditEvent) -> dict[str, object]:
    root, kind = "https://api.twilio.com/2010-04-01/Accounts", event.event_type.partition(".")[0]
    is_account = kind == "account"
    resource = f"{root}/{event.resource_sid}" if is_account else f"{root}/{event.account_sid}/Keys/{event.resource_sid}"
    links = {"resource": resource} | ({"actor": f"{root}/{event.actor_sid}"} if event.actor_type == "account" else {})
    return {
        "account_sid": event.account_sid,
        "actor_sid": event.actor_sid,
        "actor_type": event.actor_type,
        "description": None,
        "event_data": event.event_data,
        "event_date": format_iso(event.event_date),
        "event_type": event.event_type,
        "links": links,
        "resource_sid": event.resource_sid,
        "resource_type": kind,
        "sid": event.sid,
        "source": event.source,
        "source_ip_address": event.source_ip_address,
        "url": f"https://{call.host}/v1/Events/{event.sid}",
    }
