"""An account uses something."""

from typing import Any

from tenantry.fake.api.firing import evaluate
from tenantry.fake.api.usage import usage_of
from tenantry.fake.control.order import Order
from tenantry.fake.store import Store


def use(store: Store, order: Order) -> Any:
    """Count the usage that is ordered; triggers that it reaches fire."""
    account_sid = order.get("account")
    if not isinstance(account_sid, str) or store.account(account_sid) is None:
        raise LookupError(f"no account {account_sid!r} to have usage")
    usage = usage_of(order, store.clock.now())
    store.usage.setdefault(account_sid, []).append(usage)
    evaluate(store, account_sid)
    return {"callbacks": len(store.callbacks)}
