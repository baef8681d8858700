"""The drift report as lines for a terminal."""

from collections.abc import Iterator

from tenantry.reports.drift.sentences import NO_STATE, folded, headline, members, summary, what
from tenantry.reports.drift.values import Group, Report
from tenantry.text.plain import plain

NAMED = 10


def as_text(report: Report) -> str:
    """Return the report: a block for each cause, then a line that counts."""
    state = [NO_STATE] if report.state == "none" else []
    return "\n".join([*(line for group in report.groups for line in _block(group)), *state, summary(report)])


def _block(group: Group) -> Iterator[str]:
    yield plain(f"{group.severity}: {what(group)}: {headline(group)}")
    names = members(group)
    count = f"{len(names)}: " if len(names) > 1 else ""
    yield plain(f"  in {count}{folded(names, NAMED)}")
    yield plain(f"  {group.settle}")
    yield ""
