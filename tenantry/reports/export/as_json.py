"""The export as JSON, and the published schema of it."""

import json
from typing import Any

from tenantry.operations.export.values import Export
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text

SCHEMA_FILE = "schemas/export.schema.json"


def as_json(export: Export) -> str:
    """Return the export as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json_text(export.model_dump(mode="json")) + "\n"


def export_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: an export", Export)


def schema_text() -> str:
    """Return the schema as the text of its file, `SCHEMA_FILE`."""
    return json.dumps(export_schema(), indent=2, ensure_ascii=False) + "\n"
