"""Keeping what was read in the ledger, and what an earlier run kept: the only place where usage meets the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from tenantry.ledger.address import address_of
from tenantry.ledger.connection import Ledger
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.readings import UsageRead, add_reads, find_newest_read
from tenantry.model.money import MoneyError, nano_of
from tenantry.model.project import Stack
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import UsageReading
from tenantry.operations.usage.gather import Gathered, TenantReadings
from tenantry.operations.usage.report import find_earliest_as_of


@contextmanager
def open_for_usage(stack: Stack, environ: Mapping[str, str]) -> Iterator[Ledger | None]:
    """Open the stack's ledger, None where it has none; raises LedgerError where the one it names can't be used."""
    if stack.ledger is None:
        yield None
        return
    with open_ledger(address_of(stack.ledger, environ)) as ledger:
        yield ledger


def keep_readings(ledger: Ledger, parent: str, gathered: Gathered) -> tuple[str, ...]:
    """Keep every answer of Twilio's, and why there was none; a question that failed is asked again, so it is not kept.

    Returns the tenants with a price that is finer than the ledger keeps: nothing of theirs is kept, as it would be
    rounded.
    """
    reads, too_fine = [], []
    for tenant in gathered.tenants:
        try:
            if (read := _make_read(tenant, gathered.period)) is not None:
                reads.append(read)
        except MoneyError:
            too_fine.append(tenant.account.slug)
    add_reads(ledger, parent, reads)
    return tuple(too_fine)


def find_earlier_readings(
    ledger: Ledger, parent: str, tenant: TenantReadings, period: UsagePeriod
) -> tuple[UsageReading, ...]:
    """Return what the newest reading of a tenant in the ledger says, if Twilio had counted the whole period by then."""
    account = tenant.account
    if account.sid is None:
        return ()
    read = find_newest_read(ledger, parent, account.sid, "period", period)
    counted_until = find_earliest_as_of(read.readings) if read else None
    if read is None or counted_until is None or counted_until < period.end:
        return ()
    return read.readings


def _make_read(tenant: TenantReadings, period: UsagePeriod) -> UsageRead | None:
    sid = tenant.account.sid
    if sid is None or tenant.is_failed:
        return None
    for reading in tenant.readings:
        nano_of(reading.price or Decimal(0))
    return UsageRead(
        account_sid=sid,
        tenant=tenant.account.slug,
        granularity="period",
        period=period,
        readings=tenant.readings,
        not_available=tenant.reason,
    )
