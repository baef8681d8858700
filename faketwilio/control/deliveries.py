"""What Twilio sent or would have sent, and where it may be sent to."""

from typing import Any

from faketwilio.control.order import Order
from faketwilio.control.state import record_json
from faketwilio.delivery.outbox import Disorder, Outbox
from faketwilio.delivery.records import Delivery
from faketwilio.store.routes import check_routes
from faketwilio.store.store import Store


def list_deliveries(store: Store, _: Order) -> Any:
    """Every delivery, oldest first."""
    return [_render(delivery) for delivery in store.part(Outbox).all()]


async def run_deliveries(store: Store, order: Order) -> Any:
    """Answer once all that is due by the fake's clock was attempted."""
    await store.worker.work()
    return list_deliveries(store, order)


def list_routes(store: Store, _: Order) -> Any:
    return store.routes


def set_routes(store: Store, order: Order) -> Any:
    """Map hosts to this machine, instead of what was mapped before."""
    store.routes = check_routes(order)
    return store.routes


def disorder_deliveries(store: Store, order: Order) -> Any:
    """Let events come twice (a share of them) and out of order; the same seed chooses the same."""
    duplicates, shuffled, seed = order.get("duplicates", 0.0), order.get("shuffled", False), order.get("seed")
    is_share = isinstance(duplicates, int | float) and not isinstance(duplicates, bool) and 0 <= duplicates <= 1
    is_seed = seed is None or type(seed) is int
    if set(order) - {"duplicates", "shuffled", "seed"} or not is_share or type(shuffled) is not bool or not is_seed:
        raise ValueError('the disorder takes {"duplicates": 0 to 1, "shuffled": true or false, "seed": whole number}')
    store.part(Disorder).order(float(duplicates), shuffled, seed)
    return {"duplicates": float(duplicates), "shuffled": shuffled, "seed": seed}


def _render(delivery: Delivery) -> dict[str, Any]:
    attempts = [record_json(attempt) for attempt in delivery.attempts]
    return record_json(delivery) | {"form": dict(delivery.form), "attempts": attempts}
