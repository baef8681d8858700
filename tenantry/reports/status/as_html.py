"""The status report as a page."""

from tenantry.operations.status.values import StatusReport
from tenantry.reports.page import render_page
from tenantry.reports.status.words import (
    concern_text,
    headline,
    incident_text,
    maintenance_text,
    moment_text,
    unused_text,
)

STATES = {"operational": "good", "partial_outage": "alarm", "major_outage": "alarm"}
"""How a component's status looks; every other one is a warning."""


def as_html(report: StatusReport) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    return render_page(
        "status.html",
        FILTERS,
        report=report,
        headline=headline(report),
        unused=unused_text(report),
        concerns=tuple(concern_text(incident.tenants, report) for incident in report.incidents),
    )


def _state_class(status: str) -> str:
    return STATES.get(status, "warn")


FILTERS = {"moment": moment_text, "incident": incident_text, "maintenance": maintenance_text, "state": _state_class}
