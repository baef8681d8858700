"""Notices of caps to the user's application: usage comes near one, reached it, or waits for an approval."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tenantry.ledger.cap_events import CapEvent
from tenantry.ledger.notices import NewNotice
from tenantry.ledger.suspensions import Suspension
from tenantry.ledger.values import StackRef
from tenantry.model.cap_period import period_at
from tenantry.model.notices import NoticeType
from tenantry.model.spec import decimal_text
from tenantry.model.tenant_standing import CapStanding, TenantStanding
from tenantry.operations.suspensions.notices import make_suspended_notices

_TEXTS: dict[NoticeType, str] = {
    "cap.warned": "{name} has used {percent} percent of {limit} ({category}).",
    "cap.reached": "{name} has reached its limit of {limit} ({category}).",
    "cap.awaiting_approval": "{name} has reached its limit of {limit} ({category}).",
}
"""What a customer may read: no reason of ours, no figure but their own."""


def cap_notice(
    kind: NoticeType, stack: StackRef, tenant: TenantStanding, cap: CapStanding, event: CapEvent, percent: int
) -> NewNotice:
    """Return a notice about a cap."""
    text = _TEXTS[kind].format(name=tenant.name, percent=percent, limit=decimal_text(cap.limit), category=cap.category)
    payload = {
        "tenant": tenant.tenant,
        "customer": tenant.customer_key,
        "account_sid": tenant.account_sid,
        **_figures(cap, event, percent),
        "stop": list(cap.stop),
        "text": text,
    }
    return NewNotice(kind, "us", stack, payload, tenant.tenant, tenant.customer_key)


def suspension_notices(
    tenant: TenantStanding, cap: CapStanding, event: CapEvent, percent: int
) -> Callable[[Suspension, tuple[Suspension, ...]], Iterable[NewNotice]]:
    """Return what makes the notices of a suspension for a cap: where one held already, that the cap was reached."""

    def make_notices(added: Suspension, before: tuple[Suspension, ...]) -> Iterable[NewNotice]:
        notices = [
            replace(notice, payload={**notice.payload, **_figures(cap, event, percent)})
            for notice in make_suspended_notices(tenant, added, before)
        ]
        return notices or [cap_notice("cap.reached", added.stack, tenant, cap, event, percent)]

    return make_notices


def _figures(cap: CapStanding, event: CapEvent, percent: int) -> dict[str, Any]:
    return {
        "cap": cap.name,
        "usage_category": cap.category,
        "limit": decimal_text(cap.limit),
        "percent": percent,
        "used": decimal_text(event.current_value),
        "period": period_at(cap.recurring, event.fired_at).name,
    }
