"""Retention as JSON, and the published schemas of it."""

from typing import Any

from tenantry.operations.retention.values import AuditReport, RetentionReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: RetentionReport | AuditReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def retention_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    return publish_schema("Tenantry: what is too old, and what was deleted", RetentionReport)


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema of a verification."""
    return publish_schema("Tenantry: whether the audit of deletions is whole", AuditReport)
