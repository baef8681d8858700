"""What became of deliveries as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.rotation.values import SecretsReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: SecretsReport) -> str:
    """Return the report as one JSON document, ASCII only. No secret is in it."""
    return json_text(report.model_dump(mode="json"))


def secrets_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: which sinks have the secrets of which keys", SecretsReport)
