"""The access report as lines for a terminal."""

from collections.abc import Iterator, Mapping

from tenantry.operations.access.values import AccessReport, Severity
from tenantry.reports.access.words import LEFT_OUT, NAMED_ALONE, NO_ORGANIZATION, actor_text, finding_text, summary
from tenantry.reports.alike import group_alike
from tenantry.text.colour import Style
from tenantry.text.counts import format_count
from tenantry.text.own_names import leave_out_names
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

NAMED = 10
_STYLES: Mapping[Severity, Style] = {"high": "alarm", "low": "yellow", "note": "dim"}


def as_text(report: AccessReport, layout: Layout = PLAIN) -> str:
    """Return the report: the most severe first, then who did what, then a line that counts."""
    return lay_out(_lines(report), layout)


def _lines(report: AccessReport) -> Iterator[Line]:
    for finding in report.findings:
        yield Line((Span(f"{finding.severity}:", _STYLES[finding.severity]), Span(f" {plain(finding_text(finding))}")))
        if finding.severity != "note":
            yield sentence(f"  {plain(finding.settle)}")
    if report.actors:
        yield Line()
        yield Line((Span("Who did what in the last 30 days, by the audit logs:", "bold"),))
    for actor in report.actors:
        yield sentence(f"  {plain(actor_text(actor))}, in {plain(first_of(actor.tenants, NAMED))}")
    for same in group_alike(report.failed, lambda text: leave_out_names([text], None)):
        more = f" ({format_count(len(same) - 1, 'more question')} alike)" if len(same) > 1 else ""
        yield Line((Span("failed:", "alarm"), Span(f" {plain(same[0])}{more}")))
    if report.left_out:
        yield sentence(LEFT_OUT.format(plain(first_of(report.left_out, NAMED))))
    if report.organization is None:
        yield sentence(NAMED_ALONE if report.is_named else NO_ORGANIZATION)
    yield Line((Span(summary(report), "bold"),))
