"""The catalogue of event types changes."""

from dataclasses import asdict, replace
from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.events.catalogue import PREFIX
from tenantry.fake.records import EventType
from tenantry.fake.store import Store

STATUSES = ("active", "deprecated", "discontinued")
FIELDS = f'an event type is {{"type": "{PREFIX}…", "status": one of {", ".join(STATUSES)}, "latest_schema_version": 2}}'


def change_event_type(store: Store, order: Order) -> Any:
    """Give a type another status or a newer schema version; a name that the catalogue has not is added to it."""
    name = str(order.get("type"))
    known = store.event_types.get(name) or _new_type(store, name, order.get("schema_id"))
    status, version = order.get("status", known.status), order.get("latest_schema_version", known.latest_schema_version)
    if status not in STATUSES or type(version) is not int or version < 1:
        raise ValueError(FIELDS)
    store.event_types[known.type] = replace(known, status=status, latest_schema_version=version)
    return asdict(store.event_types[known.type])


def _new_type(store: Store, name: str, schema_id: Any) -> EventType:
    if not name.startswith(PREFIX) or not isinstance(schema_id, str):
        there = ", ".join(store.event_types)
        raise LookupError(
            f'no event type {name!r}; a new one needs a "schema_id" and begins with {PREFIX}; there are {there}'
        )
    return EventType(name, schema_id, 1, name.removeprefix(PREFIX))
