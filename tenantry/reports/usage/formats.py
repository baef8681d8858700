"""The formats of `tenantry usage`, by name."""

from tenantry.operations.usage.values import Explanation, UsageReport
from tenantry.reports.usage.as_csv import By, as_csv, explanation_as_csv
from tenantry.reports.usage.as_html import as_html, explanation_as_html
from tenantry.reports.usage.as_json import as_json
from tenantry.reports.usage.as_text import as_text, explanation_as_text
from tenantry.text.wrapping import PLAIN, Layout

FORMATS = ("text", "json", "csv", "html")


def render_usage(result: UsageReport | Explanation, by: By, form: str, layout: Layout = PLAIN) -> str:
    """Return a report, with a row for each tenant or category, or an explanation."""
    if form == "json":
        return as_json(result)
    if isinstance(result, Explanation):
        return _render_explanation(result, form, layout)
    match form:
        case "csv":
            return as_csv(result, by)
        case "html":
            return as_html(result, by)
        case _:
            return as_text(result, by, layout)


def _render_explanation(explanation: Explanation, form: str, layout: Layout) -> str:
    match form:
        case "csv":
            return explanation_as_csv(explanation)
        case "html":
            return explanation_as_html(explanation)
        case _:
            return explanation_as_text(explanation, layout)
