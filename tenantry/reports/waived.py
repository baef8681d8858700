"""Waivers in a report: who need not keep to what, until when, and which of them the change brings along."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from tenantry.operations.up.changes import Reported
from tenantry.policies.lifted import Lifted
from tenantry.text.plain import plain
from tenantry.text.some import and_more

MOST = 50
"""So many waivers are told one by one, the new ones first."""


class WaivedRule(Reported):
    """A rule that a tenant is let off."""

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


def waived(lifted: Iterable[Lifted]) -> tuple[WaivedRule, ...]:
    """Return waivers as they are reported."""
    return tuple(
        WaivedRule(
            tenant=one.waiver.tenant,
            rule=one.waiver.rule,
            level=one.level,
            until=one.waiver.until,
            reason=one.waiver.reason,
            owner=one.waiver.owner,
            file=one.waiver.place.file,
            line=one.waiver.place.line,
            new=one.is_new,
            findings=one.findings,
        )
        for one in lifted
    )


def waived_lines(rules: Sequence[WaivedRule]) -> Iterator[str]:
    """Yield a line for each waiver, the new ones first."""
    for one in rules[:MOST]:
        mark = "NEW: " if one.new else ""
        broken = f"; {one.findings[0]}" if one.findings else ""
        more = and_more(len(one.findings) - 1)
        yield plain(
            f"{mark}{one.tenant} is let off {one.rule} ({one.level}) until {one.until} by {one.owner}: "
            f"{one.reason}{broken}{more} ({one.file}:{one.line})"
        )
    if len(rules) > MOST:
        yield f"{and_more(len(rules) - MOST).lstrip()}: `tenantry validate --waivers` lists them"
