"""The sentences about Twilio's status page that all formats for people share; what Twilio says is raw in them."""

from datetime import datetime

from tenantry.operations.status.values import Incident, Maintenance, StatusReport
from tenantry.text.counts import format_count
from tenantry.text.some import first_of

NAMED = 4
"""So many components of an incident are named."""


def age_text(seconds: int) -> str:
    """Return an age in its largest unit: `40 s`, `12 min`, `3 h`, `2 days`."""
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size or (unit != "day" and seconds >= size):
            number = seconds // size
            return format_count(number, unit) if unit == "day" else f"{number} {unit}"
    return f"{seconds} s"


def moment_text(moment: datetime | None) -> str:
    """Return a time in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"


def headline(report: StatusReport) -> str:
    """Return what the page says in one sentence, and how old that is."""
    if report.answer == "none":
        return "Nothing is known: the status page can't be reached, and there is no earlier answer."
    age = age_text(report.age_seconds or 0)
    says = f"said {age} ago" if report.answer == "kept" else "says"
    return f"Twilio's status page {says}: {report.description or report.indicator}."


def unused_text(report: StatusReport) -> str | None:
    """Return how many components are not listed; None where none is."""
    if not report.unused:
        return None
    what = "others that nobody here uses" if report.tenants else "components"
    return f"{report.unused} {what}: operational"


def incident_text(incident: Incident) -> str:
    """Return what an incident is: `major, identified: SMS delays (SMS Verizon), since …`."""
    names = f" ({first_of(incident.components, NAMED)})" if incident.components else ""
    return f"{incident.impact}, {incident.status}: {incident.name}{names}, since {moment_text(incident.started_at)}"


def maintenance_text(maintenance: Maintenance) -> str:
    """Return what is planned, and when."""
    names = f" ({first_of(maintenance.components, NAMED)})" if maintenance.components else ""
    times = f"{moment_text(maintenance.scheduled_for)} to {moment_text(maintenance.scheduled_until)}"
    return f"{maintenance.status}: {maintenance.name}{names}, {times}"


def concern_text(number: int, report: StatusReport) -> str:
    """Return whom of ours something concerns."""
    if not report.tenants:
        return "no project is here, so nobody's use is known"
    return f"{number} of {format_count(report.tenants, 'tenant')} may notice it" if number else "no tenant uses that"


def unknown_line(report: StatusReport) -> str | None:
    """Return in one line why nobody knows whether Twilio has trouble now; None where the page says it."""
    return None if report.reason is None else f"Whether Twilio has trouble now is not known. {report.reason}"


def incident_line(report: StatusReport) -> str | None:
    """Return the one line in which other commands mention an open incident; None where there is nothing to say."""
    if report.answer == "none" or not report.open_incidents:
        return None
    worst, count = report.open_incidents[0], len(report.open_incidents)
    age = f" {age_text(report.age_seconds or 0)} ago" if report.answer == "kept" else ""
    more = f", and {count - 1} more" if count > 1 else ""
    return f"Twilio reports trouble{age}: {incident_text(worst)}{more}. See `tenantry status`."
