"""Faults are ordered, listed and called off."""

from dataclasses import asdict
from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.faults import fault_of
from tenantry.fake.store import Store


def list_faults(store: Store, _: Order) -> Any:
    return [asdict(fault) for fault in store.faults]


def order_fault(store: Store, order: Order) -> Any:
    store.faults.append(fault_of(order))
    return list_faults(store, order)


def cancel_faults(store: Store, _: Order) -> Any:
    store.faults.clear()
    return []
