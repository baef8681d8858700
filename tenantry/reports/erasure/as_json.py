"""An erasure as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.erasure.values import ErasureReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: ErasureReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def erasure_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    return publish_schema("Tenantry: the records of a person, and what was erased", ErasureReport)
