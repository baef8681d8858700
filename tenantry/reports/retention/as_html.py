"""Retention as a page."""

from tenantry.operations.retention.values import RetentionReport, RuleReport, TenantReport
from tenantry.reports.page import render_page
from tenantry.reports.retention.words import rule_notes, rule_text, standing_text, summary, title

FILTERS = {"rule": rule_text, "standing": standing_text}


def as_html(report: RetentionReport) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    filters = {**FILTERS, "notes": _notes, "note_class": _note_class, "standing_class": _standing_class}
    return render_page("retention.html", filters, report=report, page_title=title(report), summary=summary(report))


def _notes(rule: RuleReport) -> tuple[str, ...]:
    return tuple(rule_notes(rule))


def _note_class(rule: RuleReport) -> str:
    return "alarm" if rule.problem or rule.stuck or rule.foreign else "warn"


def _standing_class(tenant: TenantReport) -> str:
    return "alarm" if tenant.standing == "failed" else "warn"
