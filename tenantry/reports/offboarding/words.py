"""Sentences about a customer that leaves, that several formats share."""

from collections.abc import Mapping
from typing import Final

from tenantry.operations.offboarding.values import OffboardingReport, StepName
from tenantry.text.counts import format_count

TITLES: Final[Mapping[StepName, str]] = {
    "notice": "Notice, and the last day that is billed",
    "export": "The customer's export",
    "numbers": "Phone numbers ported, moved or released",
    "suspended": "Account suspended",
    "statement": "Final usage and statement",
    "credits": "Credits refunded",
    "secrets": "Keys and secrets in sinks deleted",
    "records": "Records deleted",
    "read_again": "Read again after the deletion",
    "close_after": "The day on which it may be closed",
    "closed": "Account closed",
}


def summary(report: OffboardingReport) -> str:
    """Return the whole in a line."""
    if report.hold is not None:
        return f"{report.tenant} can't leave: {report.hold}."
    done = sum(step.state == "done" for step in report.steps)
    if report.is_over:
        return f"{report.tenant} has left: all {done} steps are done."
    return f"{report.tenant}: {done} of {format_count(len(report.steps), 'step')} are done."


def deleted_text(report: OffboardingReport) -> str:
    """Return what was deleted, by kind."""
    return ", ".join(
        f"{number:,} {kind.removesuffix('s') if number == 1 else kind}" for kind, number in report.deleted.items()
    )
