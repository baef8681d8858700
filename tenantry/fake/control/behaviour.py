"""The switches for what nobody could find out about Twilio."""

from dataclasses import asdict
from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.store import Store


def switches(store: Store, _: Order) -> Any:
    return asdict(store.behaviour)


def switch(store: Store, order: Order) -> Any:
    store.behaviour = store.behaviour.changed(order)
    return asdict(store.behaviour)
