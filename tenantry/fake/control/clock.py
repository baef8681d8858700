"""Twilio's clock, which a test moves, and the latency of each request."""

from typing import Any, TypeGuard

from tenantry.fake.control.order import Order
from tenantry.fake.formats import iso
from tenantry.fake.store import Store

LARGEST = 10**12  # nobody means a longer time, and a float still holds it exactly


def now(store: Store, _: Order) -> Any:
    return {"now": iso(store.clock.now())}


async def advance(store: Store, order: Order) -> Any:
    """Move the clock forward; what falls due meanwhile happens at its time, and is over when this is answered."""
    seconds = order.get("advance_seconds")
    if set(order) != {"advance_seconds"} or not _is_amount(seconds):
        raise ValueError('the clock takes {"advance_seconds": number}, forward only')
    left = float(seconds)
    store.clock.check(left)  # or it would stop somewhere on the way
    await store.worker.work()
    while (step := _next_step(store)) is not None and step <= left:
        store.clock.advance(step)
        left -= step
        await store.worker.work()
    store.clock.advance(left)
    return now(store, order)


def delay(store: Store, order: Order) -> Any:
    """Let each request wait so many milliseconds before it is handled."""
    milliseconds = order.get("ms")
    if set(order) != {"ms"} or not _is_amount(milliseconds):
        raise ValueError('the latency takes {"ms": number}, a request waits so long before it is handled')
    store.latency_ms = float(milliseconds)
    return {"ms": store.latency_ms}


def _next_step(store: Store) -> float | None:
    """Seconds until something falls due."""
    moment = store.worker.next_work()
    return None if moment is None else max((moment - store.clock.now()).total_seconds(), 0.0)


def _is_amount(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= LARGEST
