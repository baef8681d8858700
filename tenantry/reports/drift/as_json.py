"""The drift report as JSON, and the published schema of it."""

import json
from typing import Any

from tenantry.reports.drift.values import Report
from tenantry.reports.schema import published


def as_json(report: Report) -> str:
    """Return the report as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json.dumps(report.model_dump(mode="json"), indent=2)


def drift_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return published("Tenantry: a drift report", Report)
