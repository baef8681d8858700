"""What an `up` did as JSON, and the published schema of it."""

import json
from typing import Any

from tenantry.reports.outcome.values import Outcome
from tenantry.reports.schema import published


def as_json(outcome: Outcome) -> str:
    """Return the report as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json.dumps(outcome.model_dump(mode="json"), indent=2)


def up_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return published("Tenantry: what an up did", Outcome)
