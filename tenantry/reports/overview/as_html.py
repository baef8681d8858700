"""The page of operators."""

from datetime import datetime

from tenantry.operations.caps.values import CapRow
from tenantry.operations.overview.gather import percent_used
from tenantry.operations.overview.values import Overview
from tenantry.reports.error_events.words import summary
from tenantry.reports.page import render_page
from tenantry.text.counts import format_count

MOST_CAPS = 200
"""Rows of caps: a page of 25,000 is read by nobody."""


def as_html(overview: Overview) -> str:
    """Return the page as one file, without a script and without a request to anybody."""
    filters = {"percent": _percent, "status": _status, "moment": _moment, "status_class": _status_class}
    return render_page(
        "overview.html",
        filters,
        page=overview,
        caps=overview.caps[:MOST_CAPS],
        left_out=max(len(overview.caps) - MOST_CAPS, 0),
        errors_summary=summary(overview.errors),
        notes=_notes(overview),
    )


def _percent(cap: CapRow) -> int:
    return percent_used(cap) or 0


def _status(cap: CapRow) -> str:
    until = f" until {_moment(cap.until)}" if cap.until else ""
    return {"open": "open", "awaiting": "waits for approval", "suspended": f"suspended{until}"}[cap.status]


def _status_class(cap: CapRow) -> str:
    return {"open": "good", "awaiting": "warn", "suspended": "alarm"}[cap.status]


def _moment(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M}" if instant else ""


def _notes(overview: Overview) -> tuple[str, ...]:
    notes = [f"{row.tenant} does not follow the ledger yet: {row.problem}" for row in overview.not_followed]
    if overview.dead_notices:
        notes.append(
            f"{format_count(overview.dead_notices, 'notice')} did not arrive: `tenantry notices --replay` sends again."
        )
    return tuple(notes)
