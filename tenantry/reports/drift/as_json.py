"""The drift report as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.drift.values import Report
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: Report) -> str:
    """Return the report as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json_text(report.model_dump(mode="json"))


def drift_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: a drift report", Report)
