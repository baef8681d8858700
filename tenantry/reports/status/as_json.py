"""The status report as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.status.values import StatusReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: StatusReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def status_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: Twilio's status page", StatusReport)
