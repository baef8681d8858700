"""What failed in an `up`: tenants in which the same failed for the same reason stand together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenantry.operations.up.outcome import FailedTenant
from tenantry.reports.alike import group_alike
from tenantry.reports.changes.marks import MARKS, REFUSED
from tenantry.text.own_names import leave_out_names
from tenantry.text.plain import plain


@dataclass(frozen=True)
class FailedAlike:
    """Tenants that failed alike: their reasons differ in slugs, names of accounts, SIDs and counts of tries alone."""

    tenants: tuple[str, ...]
    """Slugs; none where what failed belongs to no tenant."""
    lines: tuple[str, ...]
    """What failed in the first of them, and why."""


def group_failures(failed: Iterable[FailedTenant]) -> tuple[FailedAlike, ...]:
    """Return what failed, in the order of the first tenants."""
    return tuple(
        FailedAlike(tuple(tenant.tenant for tenant in group if tenant.tenant), tuple(_write_lines(group[0])))
        for group in group_alike(failed, _leave_out_names)
    )


def _leave_out_names(failed: FailedTenant) -> tuple[bool, tuple[str, ...]]:
    """Return the lines of a tenant without what is only its own."""
    return bool(failed.tenant), leave_out_names(_write_lines(failed), failed.tenant)


def _write_lines(failed: FailedTenant) -> Iterator[str]:
    """Yield a line for each resource of a tenant that failed, and below it why."""
    for resource in failed.resources:
        yield f"{MARKS[resource.op] if resource.op else REFUSED} {plain(resource.resource)}"
        yield from (f"    {plain(line)}" for reason in resource.reasons for line in reason.expandtabs().splitlines())
