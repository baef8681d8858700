"""The usage of a customer as JSON, and the published schema of it."""

from typing import Any

from tenantry.operations.overview.values import CustomerCaps
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(caps: CustomerCaps) -> str:
    """Return the document, ASCII only; quantities are decimals as text."""
    return json_text(caps.model_dump(mode="json"))


def customer_caps_schema() -> dict[str, Any]:
    """Return the JSON Schema of `/customers/{slug}/usage.json`."""
    return publish_schema("Tenantry: what a customer used of its caps", CustomerCaps)
