"""Where a customer that leaves stands, as a page to sign."""

from tenantry.operations.offboarding.values import OffboardingReport, StepName
from tenantry.reports.offboarding.words import TITLES, summary
from tenantry.reports.page import render_page

STATES = {"done": ("done", "good"), "open": ("open", "warn"), "failed": ("failed", "alarm")}


def as_html(report: OffboardingReport) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    filters = {"step_title": _title_of, "state": _state, "state_class": _state_class}
    return render_page("offboarding.html", filters, report=report, summary=summary(report))


def _title_of(name: StepName) -> str:
    return TITLES[name]


def _state(state: str) -> str:
    return STATES[state][0]


def _state_class(state: str) -> str:
    return STATES[state][1]
