"""Something happens in an account that Event Streams tells of: an error, or an event of any type of the catalogue."""

import re
from dataclasses import asdict, replace
from typing import Any

from faketwilio.control.order import Order
from faketwilio.hosts.events.catalogue import PREFIX, EventTypes
from faketwilio.hosts.events.emission import emit
from faketwilio.hosts.events.records import EventType
from faketwilio.hosts.monitor.error_log import LEVELS, log_error
from faketwilio.hosts.monitor.records import Alert
from faketwilio.store.store import Store

CODE = re.compile(r"\d{1,6}", re.ASCII)
DEFAULTS: dict[str, str] = {
    "level": "error",
    "error_code": "11200",
    "alert_text": "HTTP retrieval failure",
    "product_name": "Programmable Voice",
}
OPTIONAL = (
    "resource_sid",
    "service_sid",
    "request_method",
    "request_url",
    "request_variables",
    "request_headers",
    "response_headers",
    "response_body",
)


def report_error(store: Store, order: Order) -> Any:
    """Log it now: an alert for the Debugger, and an event for each sink that subscribed to it."""
    account_sid = order.get("account")
    if not isinstance(account_sid, str) or store.account(account_sid) is None:
        raise LookupError(f"no account {account_sid!r} to log an error in")
    values = DEFAULTS | {name: value for name, value in order.items() if name != "account"}
    _refuse(values)
    level, product = values.pop("level"), values.pop("product_name")
    now = store.clock.now()
    alert = Alert(store.sids.sid("NO"), account_sid, LEVELS[level], date_created=now, **values)
    return {"alert": alert.sid, "events": log_error(store, alert, level, product)}


def _refuse(values: Order) -> None:
    if unknown := set(values) - {*DEFAULTS, *OPTIONAL}:
        raise ValueError(f"no {', '.join(sorted(unknown))} in an error; there are {', '.join((*DEFAULTS, *OPTIONAL))}")
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise ValueError(f"{', '.join(wrong)} of an error is text")
    if values["level"] not in LEVELS or not CODE.fullmatch(values["error_code"]):
        raise ValueError(f"an error has a level of {', '.join(LEVELS)} and a code of up to six digits")


def happen(store: Store, order: Order) -> Any:
    """Send an event of a known type, with any data, to the sinks that subscribed to it."""
    account, kind, data = order.get("account"), order.get("type"), order.get("data", {})
    event_id = order.get("id", store.request_sids.sid("EZ"))
    if set(order) - {"account", "type", "data", "id"} or not isinstance(data, dict) or not isinstance(event_id, str):
        raise ValueError('an event is {"account": SID, "type": text, "data": {…}, "id": text}')
    if not isinstance(account, str) or store.account(account) is None:
        raise LookupError(f"no account {account!r} for something to happen in")
    if not isinstance(kind, str) or kind not in store.part(EventTypes):
        raise LookupError(f"no event type {kind!r}; there are {', '.join(store.part(EventTypes))}")
    return {"id": event_id, "events": emit(store, account, kind, event_id, data)}


STATUSES = ("active", "deprecated", "discontinued")
FIELDS = f'an event type is {{"type": "{PREFIX}…", "status": one of {", ".join(STATUSES)}, "latest_schema_version": 2}}'


def change_event_type(store: Store, order: Order) -> Any:
    """Give a type another status or a newer schema version; a name that the catalogue has not is added to it."""
    name = str(order.get("type"))
    known = store.part(EventTypes).get(name) or _make_type(store, name, order.get("schema_id"))
    status, version = order.get("status", known.status), order.get("latest_schema_version", known.latest_schema_version)
    if status not in STATUSES or type(version) is not int or version < 1:
        raise ValueError(FIELDS)
    store.part(EventTypes)[known.type] = replace(known, status=status, latest_schema_version=version)
    return asdict(store.part(EventTypes)[known.type])


def _make_type(store: Store, name: str, schema_id: Any) -> EventType:
    if not name.startswith(PREFIX) or not isinstance(schema_id, str):
        known_types = ", ".join(store.part(EventTypes))
        raise LookupError(
            f'no event type {name!r}; a new one needs a "schema_id" and begins with {PREFIX}; there are {known_types}'
        )
    return EventType(name, schema_id, 1, name.removeprefix(PREFIX))
