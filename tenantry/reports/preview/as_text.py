"""A preview for a terminal."""

from collections.abc import Iterable, Iterator

from tenantry.reports.changes.lines import danger_line, group_lines
from tenantry.reports.changes.values import Group
from tenantry.reports.preview.summary import SEEN, WAITING, remarks, summary
from tenantry.reports.preview.values import PreviewReport
from tenantry.reports.waived import waived_lines


def as_text(report: PreviewReport) -> str:
    """Return the preview as lines, the dangerous groups first. What was said in it is told elsewhere, on stderr."""
    lines = [*groups_text(report.groups), *_titled(WAITING, report.waiting), *_titled(SEEN, report.seen)]
    return "\n".join([*lines, *waived_lines(report.waivers), *remarks(report), summary(report)])


def groups_text(groups: Iterable[Group]) -> Iterator[str]:
    """Yield groups as lines, before each danger what it means."""
    danger = None
    for group in groups:
        if group.danger not in (None, danger):
            yield danger_line(group.danger)
        danger = group.danger
        yield from group_lines(group)
        yield ""


def _titled(title: str, groups: tuple[Group, ...]) -> Iterator[str]:
    if groups:
        yield f"{title}:"
        yield from groups_text(groups)
