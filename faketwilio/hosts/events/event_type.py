"""Twilio's catalogue of event types, as far as the fake has it."""

from faketwilio.hosts.events.catalogue import EventTypes
from faketwilio.hosts.events.records import EventType
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_iso
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/event-streams/event-type"


def operations() -> tuple[Operation, ...]:
    return (
        Operation("GET", "/v1/Types", _list, f"{PERMISSION}/list"),
        Operation("GET", "/v1/Types/{Type}", _fetch, f"{PERMISSION}/read"),
    )


def _list(call: Call) -> Answer:
    schema_id = call.params.get("SchemaId")
    found = [known for known in call.store.part(EventTypes).values() if schema_id in (None, known.schema_id)]
    return Answer(
        200, build_meta_page(call, "types", found, lambda known: known.type, lambda known: _render(call, known))
    )


def _fetch(call: Call) -> Answer:
    known = call.store.part(EventTypes).get(call.names["Type"])
    if known is None:
        raise not_found(call.path)
    return Answer(200, _render(call, known))


def _render(call: Call, known: EventType) -> dict[str, object]:
    root = f"https://{call.host}/v1"
    created = format_iso(call.store.parent.date_created)
    return {
        "type": known.type,
        "schema_id": known.schema_id,
        "date_created": created,
        "date_updated": created,
        "description": known.description,
        "status": known.status,
        "documentation_url": None,
        "url": f"{root}/Types/{known.type}",
        "links": {"schema": f"{root}/Schemas/{known.schema_id}/Versions"},
    }
