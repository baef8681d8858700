"""The catalogue of event types changes."""

from dataclasses import asdict, replace
from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.store import Store


def change_event_type(store: Store, order: Order) -> Any:
    """Give a type another status, or a newer schema version than what is pinned."""
    known = store.event_types.get(str(order.get("type")))
    if known is None:
        raise LookupError(f"no event type {order.get('type')!r}; there are {', '.join(store.event_types)}")
    status, version = order.get("status", known.status), order.get("latest_schema_version", known.latest_schema_version)
    if status not in ("active", "deprecated", "discontinued") or type(version) is not int or version < 1:
        raise ValueError('an event type takes "status" (active, deprecated, discontinued), "latest_schema_version"')
    store.event_types[known.type] = replace(known, status=status, latest_schema_version=version)
    return asdict(store.event_types[known.type])
