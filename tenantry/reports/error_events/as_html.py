"""Errors as a page."""

from tenantry.operations.error_events.values import ErrorsReport
from tenantry.reports.error_events.words import notes, rate_text, summary
from tenantry.reports.page import render_page

FILTERS = {"rate": rate_text}


def as_html(report: ErrorsReport) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    return render_page("errors.html", FILTERS, report=report, summary=summary(report), notes=tuple(notes(report)))
