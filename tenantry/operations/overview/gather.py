"""Gathering what operators and customers see, from the ledger alone: Twilio is asked nothing."""

from datetime import UTC, timedelta
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.notices import count_notices
from tenantry.ledger.standing import read_standing
from tenantry.ledger.suspensions import Suspension, open_suspensions
from tenantry.model.tenant_standing import TenantStanding, parse_standing
from tenantry.operations.caps.listing import list_caps
from tenantry.operations.caps.values import CapRow
from tenantry.operations.error_events.listing import ErrorsRequest, list_errors
from tenantry.operations.overview.values import CustomerCap, CustomerCaps, HeldTenant, Overview

ERROR_DAYS = timedelta(days=6)
"""Besides today."""


def percent_used(cap: CapRow) -> int | None:
    """Return how much of a cap was used, in whole percent rounded down; None where that was not read."""
    limit = Decimal(cap.override or cap.limit)
    return None if cap.used is None or not limit else int(Decimal(cap.used) * 100 / limit)


def gather_overview(ledger: Ledger, parent: str, stack: str) -> Overview:
    """Return all that operators see, at one moment of the ledger; raises LedgerError."""
    with ledger.reading():
        now = ledger.now()
        caps = list_caps(ledger, parent, stack)
        request = ErrorsRequest(parent, stack, (now - ERROR_DAYS).astimezone(UTC).date())
        fullest = sorted(caps.caps, key=lambda cap: (-(percent_used(cap) or 0), cap.tenant, cap.cap))
        return Overview(
            stack=stack,
            parent=parent,
            as_of=now,
            tenants=len(read_standing(ledger, parent)),
            caps=tuple(fullest),
            suspensions=tuple(map(_describe_hold, open_suspensions(ledger, parent))),
            not_followed=caps.not_followed,
            errors=list_errors(ledger, request),
            dead_notices=count_notices(ledger, parent, "dead"),
        )


def gather_customer_caps(ledger: Ledger, parent: str, slug: str) -> CustomerCaps | None:
    """Return what a customer may see; None for a tenant that nobody told of. Raises LedgerError."""
    with ledger.reading():
        found = [parse_standing(row.document) for row in read_standing(ledger, parent, {slug})]
        if not found:
            return None
        rows = list_caps(ledger, parent, "", {slug}).caps
        reasons = open_suspensions(ledger, parent, slug)
        return _describe(found[0], rows, reasons, ledger)


def _describe(
    tenant: TenantStanding, rows: tuple[CapRow, ...], reasons: tuple[Suspension, ...], ledger: Ledger
) -> CustomerCaps:
    ends = [reason.until for reason in reasons]
    known = [end for end in ends if end is not None]
    counted = {cap.name for cap in tenant.caps if cap.trigger_by != "price"}  # a price is what we pay
    return CustomerCaps(
        tenant=tenant.tenant,
        name=tenant.name,
        as_of=ledger.now(),
        suspended=bool(reasons) or tenant.state == "suspended",
        suspended_until=max(known) if reasons and len(known) == len(ends) and tenant.state != "suspended" else None,
        caps=tuple(
            CustomerCap(
                name=row.cap,
                usage_category=row.usage_category,
                recurring=row.recurring,
                used=None if row.used is None else Decimal(row.used),
                limit=Decimal(row.override or row.limit),
                as_of=row.read_at,
                status=row.status,
            )
            for row in rows
            if row.cap in counted
        ),
    )


def _describe_hold(row: Suspension) -> HeldTenant:
    return HeldTenant(row.tenant, row.reason, row.since, row.until, row.ref, row.by)
