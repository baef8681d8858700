"""The access report as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.access.values import AccessReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: AccessReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def access_report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: who may do what in Twilio", AccessReport)
