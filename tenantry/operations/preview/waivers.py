"""Waivers in a report: which rule is waived for whom, until when, and which waivers the change adds."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported
from tenantry.policies.lifted import Lifted


class WaivedRule(Reported):
    """A rule that is waived for a tenant."""

    tenant: str = Field(description="slug")
    rule: str = Field(description="id of the rule")
    level: Literal["advisory", "mandatory", "disabled"] = Field(description="of the rule")
    until: date = Field(description="last day on which it holds")
    reason: str
    owner: str
    file: str = Field(description="where it is written, from the project's folder")
    line: int
    new: bool | None = Field(description="whether it is new or changed since --changed-since; null if not asked")
    findings: tuple[str, ...] = Field(description="what the tenant breaks; none if only the state shows it, or nothing")


def report_waivers(lifted: Iterable[Lifted]) -> tuple[WaivedRule, ...]:
    """Return waivers as they are reported."""
    return tuple(
        WaivedRule(
            tenant=rule.waiver.tenant,
            rule=rule.waiver.rule,
            level=rule.level,
            until=rule.waiver.until,
            reason=rule.waiver.reason,
            owner=rule.waiver.owner,
            file=rule.waiver.place.file,
            line=rule.waiver.place.line,
            new=rule.is_new,
            findings=rule.findings,
        )
        for rule in lifted
    )
