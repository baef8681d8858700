"""Waivers in words."""

from collections.abc import Iterator, Sequence

from tenantry.operations.preview.waivers import WaivedRule
from tenantry.text.plain import plain
from tenantry.text.some import and_more

MOST = 50
"""So many waivers are listed one by one, the new ones first."""


def waived_lines(rules: Sequence[WaivedRule]) -> Iterator[str]:
    """Yield a line for each waiver, the new ones first."""
    for rule in rules[:MOST]:
        mark = "NEW: " if rule.new else ""
        broken = f"; {rule.findings[0]}" if rule.findings else ""
        more = and_more(len(rule.findings) - 1)
        yield plain(
            f"{mark}{rule.tenant}: {rule.rule} ({rule.level}) is waived until {rule.until} by {rule.owner}: "
            f"{rule.reason}{broken}{more} ({rule.file}:{rule.line})"
        )
    if len(rules) > MOST:
        yield f"{and_more(len(rules) - MOST).lstrip()}: `tenantry validate --waivers` lists them"
