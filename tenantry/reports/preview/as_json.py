"""A preview as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.preview.report import PreviewReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: PreviewReport) -> str:
    """Return the preview as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json_text(report.model_dump(mode="json"))


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: a preview", PreviewReport)
