"""Notices as JSON, and the published schemas of the list and of what is sent."""

from typing import Any

from tenantry.manifest.schema import DIALECT
from tenantry.operations.notices.values import SENT_NOTICE, NoticesReport
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


def as_json(report: NoticesReport) -> str:
    """Return the notices as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def notices_schema() -> dict[str, Any]:
    """Return the JSON Schema of `notices`."""
    return publish_schema("Tenantry: notices", NoticesReport)


def notice_schema() -> dict[str, Any]:
    """Return the JSON Schema of the body of a notice, type by type."""
    return {"$schema": DIALECT, "title": "Tenantry: a notice", **SENT_NOTICE.json_schema(mode="serialization")}
