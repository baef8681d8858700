"""Listing caps: how much was used when the sweep last looked, what is suspended, what waits for a person."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from tenantry.ledger.account_tasks import tasks_of
from tenantry.ledger.cap_events import CapEvent, find_events
from tenantry.ledger.cap_overrides import CapOverride, CapReading, overrides_in_force, read_cap_readings
from tenantry.ledger.connection import Ledger
from tenantry.ledger.standing import read_standing
from tenantry.model.spec import decimal_text
from tenantry.model.tenant_standing import CapStanding, TenantStanding, parse_standing
from tenantry.operations.caps.values import CapRow, CapsReport, FailedAccount

Key = tuple[str | None, str | None]


def list_caps(ledger: Ledger, parent: str, stack: str, slugs: Collection[str] = ()) -> CapsReport:
    """Return the caps of tenants, or of those named; raises LedgerError."""
    chosen = [parse_standing(row.document) for row in read_standing(ledger, parent, slugs)]
    tasks = [task for task in tasks_of(ledger, parent) if task.last_error and (not slugs or task.tenant in slugs)]
    return CapsReport(
        stack=stack,
        caps=tuple(_rows(ledger, parent, chosen)),
        not_followed=tuple(FailedAccount(tenant=task.tenant, problem=str(task.last_error)) for task in tasks),
    )


def _rows(ledger: Ledger, parent: str, tenants: list[TenantStanding]) -> Iterator[CapRow]:
    only = tenants[0].tenant if len(tenants) == 1 else None  # the page of one customer need not read all 25,000
    readings: dict[Key, CapReading] = {(row.tenant, row.cap): row for row in read_cap_readings(ledger, parent, only)}
    overrides: dict[Key, CapOverride] = {(row.tenant, row.cap): row for row in overrides_in_force(ledger, parent)}
    undecided = (*find_events(ledger, parent, "awaiting"), *find_events(ledger, parent, "holding"))
    events: dict[Key, CapEvent] = {(event.tenant, event.cap): event for event in undecided}
    for tenant in tenants:
        for cap in tenant.caps:
            key = (tenant.tenant, cap.name)
            yield _row(tenant, cap, readings.get(key), overrides.get(key), events.get(key))


def _row(
    tenant: TenantStanding,
    cap: CapStanding,
    reading: CapReading | None,
    override: CapOverride | None,
    event: CapEvent | None,
) -> CapRow:
    return CapRow(
        tenant=tenant.tenant,
        cap=cap.name,
        usage_category=cap.category,
        recurring=cap.recurring,
        limit=decimal_text(cap.limit),
        suspends_at=cap.suspend_at,
        used=decimal_text(reading.current_value) if reading else None,
        read_at=reading.read_at if reading else None,
        status="open" if event is None else "suspended" if event.status == "holding" else "awaiting",
        until=event.until if event else None,
        override=decimal_text(override.limit) if override else None,
        override_until=(override.until - timedelta(days=1)).date() if override else None,
        override_by=override.by if override else None,
    )
