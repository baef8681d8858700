"""Notices of a suspension to the user's application: that it began, and that it ended."""

from collections.abc import Iterator

from tenantry.ledger.notices import NewNotice
from tenantry.ledger.suspensions import Suspension
from tenantry.model.suspension import Suspendable
from tenantry.operations.suspensions.account import is_kept_suspended


def make_suspended_notices(
    tenant: Suspendable, added: Suspension, before: tuple[Suspension, ...]
) -> Iterator[NewNotice]:
    """Yield the notice of a reason that suspends a tenant; none where it was suspended already."""
    if not before and not is_kept_suspended(tenant):
        text = f"{tenant.name} is suspended: no calls and no messages until that ends."
        yield _notice("tenant.suspended", tenant, added, text)


def make_resumed_notices(
    tenant: Suspendable, lifted: Suspension, before: tuple[Suspension, ...]
) -> Iterator[NewNotice]:
    """Yield the notice of the last reason that was lifted; none where another one still holds."""
    if len(before) == 1 and not is_kept_suspended(tenant):
        yield _notice("tenant.resumed", tenant, lifted, f"{tenant.name} is suspended no longer.")


def _notice(kind: str, tenant: Suspendable, row: Suspension, text: str) -> NewNotice:
    """Return a notice for us: it names the reason. Its text alone is safe for the customer."""
    payload = {
        "tenant": tenant.tenant,
        "customer": tenant.customer_key,
        "account_sid": row.account_sid,
        "reason": row.reason,
        "ref": row.ref,
        "by": row.lifted_by or row.by,
        "since": row.since.isoformat(),
        "until": row.until.date().isoformat() if row.until else None,
        "text": text,
    }
    return NewNotice(kind, "us", row.stack, payload, tenant.tenant, tenant.customer_key)
