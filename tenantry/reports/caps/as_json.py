"""What is known and done about caps as JSON, and the published schemas of it."""

from typing import Any

from tenantry.operations.caps.values import CapActReport, CapsReport, SweepReport, SyncReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: CapsReport | CapActReport | SweepReport | SyncReport) -> str:
    """Return a report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def caps_schema() -> dict[str, Any]:
    """Return the JSON Schema of `caps`."""
    return publish_schema("Tenantry: the caps of tenants", CapsReport)


def cap_act_schema() -> dict[str, Any]:
    """Return the JSON Schema of `caps approve` and `caps override`."""
    return publish_schema("Tenantry: what was done about a cap", CapActReport)


def sweep_schema() -> dict[str, Any]:
    """Return the JSON Schema of `sweep`."""
    return publish_schema("Tenantry: what a sweep found and did", SweepReport)


def sync_schema() -> dict[str, Any]:
    """Return the JSON Schema of `sync`."""
    return publish_schema("Tenantry: what was written for the receiver", SyncReport)
