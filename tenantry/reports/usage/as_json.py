"""Usage as JSON, and the published schemas of it."""

from typing import Any

from tenantry.operations.usage.values import Explanation, UsageReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: UsageReport | Explanation) -> str:
    """Return the report as one JSON document, ASCII only; its figures are text, so that no reader rounds them."""
    return json_text(report.model_dump(mode="json"))


def usage_schema() -> dict[str, Any]:
    """Return the JSON Schema of the usage of a stack."""
    return publish_schema("Tenantry: usage", UsageReport)


def explanation_schema() -> dict[str, Any]:
    """Return the JSON Schema of an explanation."""
    return publish_schema("Tenantry: why logs and usage differ", Explanation)
