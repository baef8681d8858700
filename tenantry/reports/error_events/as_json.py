"""Errors as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.error_events.values import ErrorsReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: ErrorsReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def errors_schema() -> dict[str, Any]:
    """Return the JSON Schema of `errors`."""
    return publish_schema("Tenantry: errors of tenants", ErrorsReport)
