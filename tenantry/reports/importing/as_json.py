"""What an import found as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.importing.values import ImportReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: ImportReport) -> str:
    """Return the report as one JSON document, ASCII only. No URL and no secret is in it."""
    return json_text(report.model_dump(mode="json"))


def import_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what an import brought in, and what it left out", ImportReport)
