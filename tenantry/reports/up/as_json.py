"""What an `up` did as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.up.outcome import Outcome
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(outcome: Outcome) -> str:
    """Return the report as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json_text(outcome.model_dump(mode="json"))


def up_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what an up did", Outcome)
