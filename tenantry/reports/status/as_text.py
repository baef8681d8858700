"""The status report as lines for a terminal."""

from collections.abc import Iterator

from tenantry.operations.status.values import StatusReport
from tenantry.reports.status.words import concern_text, headline, incident_text, maintenance_text, unused_text
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence


def as_text(report: StatusReport, layout: Layout = PLAIN) -> str:
    """Return the report: what concerns us first, then the components that tenants use."""
    return lay_out(_lines(report), layout)


def _lines(report: StatusReport) -> Iterator[Line]:
    yield Line((Span(plain(headline(report)), "bold"),))
    if report.reason:
        yield sentence(plain(report.reason))
    for incident in report.incidents:
        yield Line()
        yield Line(
            (Span("incident:", "alarm" if incident.tenants else "yellow"), Span(f" {plain(incident_text(incident))}"))
        )
        yield sentence(f"  {plain(concern_text(incident.tenants, report))}")
        if incident.latest:
            yield sentence(f"  {plain(incident.latest)}")
        if incident.link:
            yield sentence(f"  {plain(incident.link)}")
    for maintenance in report.maintenances:
        yield Line()
        yield Line((Span("maintenance:", "yellow"), Span(f" {plain(maintenance_text(maintenance))}")))
        yield sentence(f"  {plain(concern_text(maintenance.tenants, report))}")
    if report.components:
        yield Line()
    for component in report.components:
        used = f", used by {component.tenants}" if component.tenants else ""
        yield sentence(f"  {plain(component.name)}: {plain(component.status)}{used}")
    if (unused := unused_text(report)) is not None:
        yield sentence(f"  {unused}")
