"""What failed in an `up`: tenants in which the same failed for the same reason stand together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenantry.operations.up.outcome import FailedTenant
from tenantry.reports.changes.marks import MARKS, REFUSED
from tenantry.text.plain import plain

SID = r"\b[A-Z]{2}[0-9a-f]{32}\b"
COUNT = r"\b\d+ (?=tries\b|seconds\b|of them waiting\b|calls there\b)"


@dataclass(frozen=True)
class FailedAlike:
    """Tenants that failed alike: their reasons differ in slugs, names of accounts, SIDs and counts of tries alone."""

    tenants: tuple[str, ...]
    """Slugs; none where what failed belongs to no tenant."""
    lines: tuple[str, ...]
    """What failed in the first of them, and why."""


def group_failures(failed: Iterable[FailedTenant]) -> tuple[FailedAlike, ...]:
    """Return what failed, in the order of the first tenants."""
    groups: dict[tuple[str, ...], list[FailedTenant]] = {}
    for tenant in failed:
        groups.setdefault(_leave_out_names(tenant), []).append(tenant)
    return tuple(
        FailedAlike(tuple(tenant.tenant for tenant in group if tenant.tenant), tuple(_write_lines(group[0])))
        for group in groups.values()
    )


def _leave_out_names(failed: FailedTenant) -> tuple[str, ...]:
    """Return the lines of a tenant without what is only its own."""
    slug = re.escape(failed.tenant or "")
    names = (rf"'[^']* \({slug}\)'", rf"(?<![\w-]){slug}(?![\w-])") if slug else ()
    own = re.compile("|".join((*names, SID, COUNT)))
    return (f"of a tenant: {bool(slug)}", *(own.sub("", line) for line in _write_lines(failed)))


def _write_lines(failed: FailedTenant) -> Iterator[str]:
    """Yield a line for each resource of a tenant that failed, and below it why."""
    for resource in failed.resources:
        yield f"{MARKS[resource.op] if resource.op else REFUSED} {plain(resource.resource)}"
        yield from (f"    {plain(line)}" for reason in resource.reasons for line in reason.expandtabs().splitlines())
