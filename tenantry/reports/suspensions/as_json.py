"""What was done about a suspension as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.suspensions.values import SuspensionOutcome
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(outcome: SuspensionOutcome) -> str:
    """Return the outcome as one JSON document, ASCII only."""
    return json_text(outcome.model_dump(mode="json"))


def suspension_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what was done about a suspension", SuspensionOutcome)
