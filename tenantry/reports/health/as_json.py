"""Health as JSON, and the published schemas of it."""

from typing import Any

from tenantry.operations.health.values import CustomerHealth, HealthReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: HealthReport | CustomerHealth) -> str:
    """Return the report as one JSON document, ASCII only; shares are text, so that no reader rounds them."""
    return json_text(report.model_dump(mode="json"))


def health_schema() -> dict[str, Any]:
    """Return the JSON Schema of the health of a stack."""
    return publish_schema("Tenantry: health", HealthReport)


def customer_health_schema() -> dict[str, Any]:
    """Return the JSON Schema of what a customer sees of a month."""
    return publish_schema("Tenantry: a customer's month", CustomerHealth)
