"""A preview for a terminal."""

from collections.abc import Iterator

from tenantry.operations.changes.values import Group
from tenantry.operations.preview.report import PreviewReport
from tenantry.reports.changes.marks import legend
from tenantry.reports.changes.styled import groups_lines
from tenantry.reports.preview.summary import SEEN, WAITING, list_remarks, list_waived, summarise
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence


def as_text(report: PreviewReport, layout: Layout = PLAIN) -> str:
    """Return the preview as lines, the dangerous groups first. Its messages are printed elsewhere, on stderr."""
    return lay_out(_write_lines(report), layout)


def _write_lines(report: PreviewReport) -> Iterator[Line]:
    yield from legend((*report.groups, *report.waiting, *report.seen))
    yield from groups_lines(report.groups)
    yield from _write_section(WAITING, report.waiting)
    yield from _write_section(SEEN, report.seen)
    yield from map(sentence, list_waived(report.waivers))
    yield from map(sentence, list_remarks(report))
    yield Line((Span(summarise(report), "bold"),))


def _write_section(title: str, groups: tuple[Group, ...]) -> Iterator[Line]:
    if groups:
        yield Line((Span(f"{title}:", "bold"),))
        yield from groups_lines(groups)
