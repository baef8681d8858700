"""A rotation as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.rotation.rotation_values import RotationReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: RotationReport) -> str:
    """Return the report as one JSON document, ASCII only. No secret is in it."""
    return json_text(report.model_dump(mode="json"))


def rotate_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: which keys rotate, and what was written", RotationReport)
