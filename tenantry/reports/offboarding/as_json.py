"""Where a customer that leaves stands as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.offboarding.values import OffboardingReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: OffboardingReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def offboarding_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    return publish_schema("Tenantry: where a customer that leaves stands", OffboardingReport)
