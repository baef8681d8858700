"""What a test sets of the fake itself: switches, clock, latency, faults, and the log of requests."""

from dataclasses import asdict
from typing import Any, TypeGuard

from faketwilio.control.order import Order
from faketwilio.store.fault import fault_of
from faketwilio.store.store import Store
from faketwilio.wire.formats import format_iso


def list_switches(store: Store, _: Order) -> Any:
    return asdict(store.behaviour)


def switch(store: Store, order: Order) -> Any:
    store.behaviour = store.behaviour.with_values(order)
    return asdict(store.behaviour)


LARGEST = 10**12  # nobody means a longer time, and a float still holds it exactly


def now(store: Store, _: Order) -> Any:
    return {"now": format_iso(store.clock.now())}


async def advance(store: Store, order: Order) -> Any:
    """Move the clock forward; what falls due meanwhile happens at its time, and is over when this is answered."""
    seconds = order.get("advance_seconds")
    if set(order) != {"advance_seconds"} or not _is_amount(seconds):
        raise ValueError('the clock takes {"advance_seconds": number}, forward only')
    remaining = float(seconds)
    store.clock.check(remaining)  # or it would stop somewhere on the way
    await store.worker.work()
    while (step := _find_next_step(store)) is not None and step <= remaining:
        store.clock.advance(step)
        remaining -= step
        await store.worker.work()
    store.clock.advance(remaining)
    return now(store, order)


def delay(store: Store, order: Order) -> Any:
    """Let each request wait so many milliseconds before it is handled."""
    milliseconds = order.get("ms")
    if set(order) != {"ms"} or not _is_amount(milliseconds):
        raise ValueError('the latency takes {"ms": number}, a request waits so long before it is handled')
    store.latency_ms = float(milliseconds)
    return {"ms": store.latency_ms}


def _find_next_step(store: Store) -> float | None:
    """Seconds until something falls due."""
    moment = store.worker.next_work()
    return None if moment is None else max((moment - store.clock.now()).total_seconds(), 0.0)


def _is_amount(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= LARGEST


def list_faults(store: Store, _: Order) -> Any:
    return [asdict(fault) for fault in store.faults]


def order_fault(store: Store, order: Order) -> Any:
    store.faults.append(fault_of(order))
    return list_faults(store, order)


def cancel_faults(store: Store, _: Order) -> Any:
    store.faults.clear()
    return []


def list_requests(store: Store, _: Order) -> Any:
    return store.request_log.as_json()


def forget_requests(store: Store, _: Order) -> Any:
    store.request_log.clear()
    return {"total": 0}


def reset(store: Store, _: Order) -> Any:
    store.reset()
    return {"parent": store.parent_sid}
