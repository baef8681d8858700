"""Waivers in words."""

from collections.abc import Iterator, Sequence

from tenantry.operations.preview.waivers import WaivedRule
from tenantry.text.plain import plain
from tenantry.text.some import and_more

MOST = 50
"""So many waivers are told one by one, the new ones first."""


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
