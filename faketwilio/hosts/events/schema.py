"""Schemas of events and their versions; the schemas themselves are at events-schemas.twilio.com, not here."""

from faketwilio.hosts.events.catalogue import EventTypes
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found
from faketwilio.wire.formats import format_iso
from faketwilio.wire.paging import build_meta_page

PERMISSION = "/twilio/event-streams/schema"


def operations() -> tuple[Operation, ...]:
    item_path = "/v1/Schemas/{Id}"
    return (
        Operation("GET", item_path, _fetch, f"{PERMISSION}/read"),
        Operation("GET", f"{item_path}/Versions", _list, f"{PERMISSION}.version/list"),
        Operation("GET", f"{item_path}/Versions/{{SchemaVersion}}", _fetch_version, f"{PERMISSION}.version/read"),
    )


def _fetch(call: Call) -> Answer:
    url, latest = _write_url(call), _find_latest(call)
    body = {
        "id": call.names["Id"],
        "url": url,
        "latest_version_date_created": format_iso(call.store.parent.date_created),
        "latest_version": latest,
        "links": {"versions": f"{url}/Versions"},
    }
    return Answer(200, body)


def _list(call: Call) -> Answer:
    versions = list(range(1, _find_latest(call) + 1))
    return Answer(200, build_meta_page(call, "schema_versions", versions, str, lambda version: _render(call, version)))


def _fetch_version(call: Call) -> Answer:
    text = call.names["SchemaVersion"]
    if text not in map(str, range(1, _find_latest(call) + 1)):
        raise not_found(call.path)
    return Answer(200, _render(call, int(text)))


def _find_latest(call: Call) -> int:
    known = [
        event_type for event_type in call.store.part(EventTypes).values() if event_type.schema_id == call.names["Id"]
    ]
    if not known:
        raise not_found(call.path)
    return max(event_type.latest_schema_version for event_type in known)


def _write_url(call: Call) -> str:
    return f"https://{call.host}/v1/Schemas/{call.names['Id']}"


def _render(call: Call, version: int) -> dict[str, object]:
    return {
        "id": call.names["Id"],
        "schema_version": version,
        "date_created": format_iso(call.store.parent.date_created),
        "url": f"{_write_url(call)}/Versions/{version}",
        "raw": f"https://events-schemas.twilio.com/{call.names['Id']}/{version}",
    }
