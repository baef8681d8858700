"""From readings to the report."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from tenantry.model.usage_categories_tree import parents_of
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import TOTAL, UsageReading, add_known
from tenantry.operations.usage.gather import Gathered, TenantReadings
from tenantry.operations.usage.reconcile import reconcile
from tenantry.operations.usage.values import CategoryUsage, Days, Fleet, TenantUsage, UsageReport

Units = tuple[str, str | None, str | None, str | None]
"""A category with the units of its count, usage and price: figures are added within these alone."""


def report_usage(
    gathered: Gathered, *, stack: str | None, parent: str, now: datetime, fleet: Fleet | None = None
) -> UsageReport:
    """Return the report of what was read."""
    tenants = tuple(_describe_tenant(tenant) for tenant in gathered.tenants)
    as_of = [tenant.as_of for tenant in tenants if tenant.as_of is not None]
    read = [tenant for tenant in tenants if tenant.availability == "read"]
    return UsageReport(
        format=1,
        stack=stack,
        parent=parent,
        period=describe_days(gathered.period, now),
        as_of=min(as_of, default=None),
        is_complete=len(as_of) == len(read) and all(moment >= gathered.period.end for moment in as_of),
        tenants=tenants,
        categories=tuple(_sum_categories(gathered.readings)),
        fleet=fleet,
        not_available=sum(tenant.availability == "not_available" for tenant in tenants),
        failed=sum(tenant.availability == "failed" for tenant in tenants),
    )


def describe_days(period: UsagePeriod, now: datetime) -> Days:
    """Return a period as it is reported."""
    return Days(first=period.first, last=period.last, is_over=period.is_over(now))


def find_earliest_as_of(readings: Iterable[UsageReading]) -> datetime | None:
    """Return up to when Twilio had counted all of these."""
    return min((reading.as_of for reading in readings if reading.as_of is not None), default=None)


def _describe_tenant(tenant: TenantReadings) -> TenantUsage:
    account, total = tenant.account, _find_total(tenant.readings)
    return TenantUsage(
        tenant=account.slug,
        name=account.name,
        account_sid=account.sid,
        status=account.status,
        availability="read" if tenant.is_read else "failed" if tenant.is_failed else "not_available",
        reason=tenant.reason,
        as_of=find_earliest_as_of(tenant.readings),
        price=total.price if total else None,
        price_unit=total.price_unit if total else None,
        categories=tuple(_sum_categories(tenant.readings)),
        reconciliation=reconcile(tenant.readings),
    )


def _find_total(readings: Sequence[UsageReading]) -> UsageReading | None:
    return next((reading for reading in readings if reading.category == TOTAL), None)


def _sum_categories(readings: Iterable[UsageReading]) -> Iterator[CategoryUsage]:
    """Yield the sum of each category over the readings; one with several units has a row for each."""
    groups: dict[Units, list[UsageReading]] = {}
    for reading in readings:
        if reading.category != TOTAL:
            units = (reading.category, reading.count_unit, reading.usage_unit, reading.price_unit)
            groups.setdefault(units, []).append(reading)
    names = {category for category, *_ in groups}
    for units in sorted(groups, key=_find_place):
        category, count_unit, usage_unit, price_unit = units
        rows = groups[units]
        yield CategoryUsage(
            category=category,
            within=next((parent for parent in parents_of(category) if parent in names), None),
            count=_sum(row.count for row in rows),
            count_unit=count_unit,
            usage=_sum(row.usage for row in rows),
            usage_unit=usage_unit,
            price=_sum(row.price for row in rows),
            price_unit=price_unit,
        )


def _find_place(units: Units) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return where a category stands: below its parents."""
    category, *remaining = units
    return (*reversed(tuple(parents_of(category))), category), tuple(unit or "" for unit in remaining)


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum; None where one is missing, because what is missing is not 0."""
    known = tuple(figures)
    return None if None in known else add_known(known)
