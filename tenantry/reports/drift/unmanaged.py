"""What is in a managed account and in no manifest: a second object of one of our names, or anything else."""

from collections.abc import Iterator

from tenantry.reports.drift.expected import OBJECTS, Expected, names_of
from tenantry.reports.drift.finding import finding
from tenantry.reports.drift.found import Found, called
from tenantry.reports.drift.values import Finding


def unmanaged_findings(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield the objects of an account that are neither wanted nor were ever applied."""
    objects = expected.objects
    ours = {live.sid for live in found.matched.values()} | {one.sid for one in objects}
    for kind in OBJECTS:
        taken = set(names_of(objects, kind))
        for live in found.listed.get(kind, {}).values():
            if live.sid not in ours:
                is_second = called(live) in taken
                yield finding(
                    expected,
                    "duplicate" if is_second else "unmanaged",
                    f"{kind}/{called(live)}",
                    live=live,
                    account_sid=found.account.sid,
                    reason="another object has this name and is ours" if is_second else None,
                )
