"""Something happens in an account that Event Streams tells of."""

from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.events.emission import emit
from tenantry.fake.store import Store


def happen(store: Store, order: Order) -> Any:
    """Send an event of a known type, with any data, to the sinks that subscribed to it."""
    account, kind, data = order.get("account"), order.get("type"), order.get("data", {})
    event_id = order.get("id", store.request_sids.sid("EZ"))
    if set(order) - {"account", "type", "data", "id"} or not isinstance(data, dict) or not isinstance(event_id, str):
        raise ValueError('an event is {"account": SID, "type": text, "data": {…}, "id": text}')
    if not isinstance(account, str) or store.account(account) is None:
        raise LookupError(f"no account {account!r} for something to happen in")
    if not isinstance(kind, str) or kind not in store.event_types:
        raise LookupError(f"no event type {kind!r}; there are {', '.join(store.event_types)}")
    return {"id": event_id, "events": emit(store, account, kind, event_id, data)}
