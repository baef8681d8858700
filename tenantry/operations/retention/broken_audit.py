"""A tenant whose audit is broken is left as it is: what is deleted now could not be proven any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tenantry.ledger.audit_check import find_breaks
from tenantry.ledger.connection import Ledger
from tenantry.operations.retention.targets import Targets
from tenantry.operations.retention.values import TenantReport

WAY_ON = (
    "{problem} Nothing of it is deleted until that is settled. `tenantry retain {slug} --verify` shows all of it. "
    "Restore a backup of the ledger that has the lines; where there is none, "
    "`tenantry retain {slug} --accept-break --ref REF` goes on behind the break, which stays on record."
)


def describe_broken_audits(ledger: Ledger, parent: str, slugs: Collection[str]) -> dict[str, str]:
    """Return why nothing of a tenant may be deleted, and the way on, for each of these whose audit is broken."""
    with ledger.reading():
        found = find_breaks(ledger, parent, slugs)
    first = {item.owner.tenant: item.problem for item in reversed(found)}
    return {slug: WAY_ON.format(problem=problem, slug=slug) for slug, problem in first.items()}


def leave_out_broken(targets: Targets, broken: dict[str, str]) -> Targets:
    """Return the targets without those whose audit is broken: these are reported as failed."""
    failed = tuple(
        TenantReport(tenant=target.slug, account_sid=target.account_sid, standing="failed", reason=broken[target.slug])
        for target in targets.open
        if target.slug in broken
    )
    rest = tuple(target for target in targets.open if target.slug not in broken)
    return replace(targets, open=rest, left_out=(*targets.left_out, *failed))
