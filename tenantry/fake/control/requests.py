"""What was asked of the fake, and its beginning anew."""

from typing import Any

from tenantry.fake.control.order import Order
from tenantry.fake.store import Store


def requests(store: Store, _: Order) -> Any:
    return store.journal.as_json()


def forget_requests(store: Store, _: Order) -> Any:
    store.journal.clear()
    return {"total": 0}


def reset(store: Store, _: Order) -> Any:
    store.reset()
    return {"parent": store.parent_sid}
