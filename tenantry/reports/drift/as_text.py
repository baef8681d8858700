"""The drift report as lines for a terminal."""

from collections.abc import Iterator, Mapping

from tenantry.operations.drift.values import Group, Report, Severity
from tenantry.reports.drift.sentences import NO_STATE, list_members, name_subject, summarise, write_headline
from tenantry.text.colour import Style
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, list_names, sentence, spans_of

NAMED = 10
_STYLES: Mapping[Severity, Style] = {"high": "alarm", "low": "yellow", "note": "dim"}


def as_text(report: Report, layout: Layout = PLAIN) -> str:
    """Return the report: a block for each cause, then a line that counts."""
    return lay_out(_write_lines(report), layout)


def _write_lines(report: Report) -> Iterator[Line]:
    for group in report.groups:
        yield from _write_block(group)
    if report.state == "none":
        yield sentence(NO_STATE)
    yield Line((Span(summarise(report), "bold"),))


def _write_block(group: Group) -> Iterator[Line]:
    severity = Span(f"{group.severity}:", _STYLES[group.severity])
    yield Line((severity, *spans_of(f" {plain(f'{name_subject(group)}: {write_headline(group)}')}")))
    names = [plain(name) for name in list_members(group)]
    count = f"in {len(names)}: " if len(names) > 1 else "in "
    yield Line((Span(count), *list_names(names, NAMED)), 2)
    yield sentence(f"  {plain(group.settle)}")
    yield Line()
