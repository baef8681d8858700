"""What the user's application is told of keys: that a new one was delivered, and that an old one is gone.

Queued in the stack's ledger where there is one; without a ledger nothing is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantry.ledger.address import address_of
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.notices import NewNotice, queue_notices
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.values import StackRef
from tenantry.model.tenant import Tenant
from tenantry.operations.rotation.values import Delivery
from tenantry.operations.stack.open import Opened
from tenantry.twilio.credentials import SID

LOST = "{} So notices were not queued, {} of keys delivered and {} of keys retired. All else was done."


@dataclass(frozen=True)
class RetiredKey:
    """A generation that a run deleted."""

    tenant: str
    key: str
    generation: int


def queue_key_notices(opened: Opened, deliveries: Iterable[Delivery], retired: Iterable[RetiredKey]) -> str | None:
    """Queue a notice for each key that was delivered now, and each that is gone; return why that could not be done."""
    stack, environ = opened.loaded.stack, opened.project.environ
    parent = stack.parent or environ.get(SID, "").strip()
    ref = StackRef(parent, stack.name or "")
    tenants = opened.loaded.tenants
    delivered = list(_tell_delivered(ref, tenants, deliveries))
    gone = [_tell_retired(ref, tenants[key.tenant], key) for key in retired if key.tenant in tenants]
    if stack.ledger is None or not (delivered or gone):
        return None
    try:
        with open_ledger(address_of(stack.ledger, environ)) as ledger:
            queue_notices(ledger, [*delivered, *gone])
    except LedgerError as error:
        return LOST.format(error, len(delivered), len(gone))
    return None


def _tell_delivered(
    ref: StackRef, tenants: Mapping[str, Tenant], deliveries: Iterable[Delivery]
) -> Iterator[NewNotice]:
    """Yield a notice for each key, whatever the number of its sinks."""
    keys: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in deliveries:
        if delivery.status == "delivered" and delivery.tenant in tenants:
            keys.setdefault((delivery.tenant, delivery.key), []).append(delivery)
    for (slug, key), found in keys.items():
        payload = {"key": key, "generation": found[0].generation, "api_key_sid": found[0].sid}
        places = {"sinks": [{"sink": delivery.sink, "name": delivery.name} for delivery in found]}
        text = f"A new API key of {tenants[slug].name} is ready for its application."
        yield _notice("key.delivered", ref, tenants[slug], {**payload, **places, "text": text})


def _tell_retired(ref: StackRef, tenant: Tenant, key: RetiredKey) -> NewNotice:
    text = f"An old API key of {tenant.name} works no longer."
    payload = {"key": key.key, "generation": key.generation, "text": text}
    return _notice("key.retired", ref, tenant, payload)


def _notice(kind: str, ref: StackRef, tenant: Tenant, payload: Mapping[str, object]) -> NewNotice:
    """Return a notice for us. Its text alone is safe for the customer, and no secret is in it."""
    whose = {"tenant": tenant.tenant, "customer": tenant.customer_key}
    return NewNotice(kind, "us", ref, {**whose, **payload}, tenant.tenant, tenant.customer_key)
