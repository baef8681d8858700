"""The export as JSON, and the published schema of it."""

import json
from typing import Any

from tenantry.operations.export.values import Export
from tenantry.text.json_text import json_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_FILE = "schemas/export.schema.json"


def as_json(export: Export) -> str:
    """Return the export as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    return json_text(export.model_dump(mode="json")) + "\n"


def export_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    schema: dict[str, Any] = drop_titles(Export.model_json_schema(mode="serialization"))
    return {"$schema": DIALECT, "title": "Tenantry: an export", **schema}


def schema_text() -> str:
    """Return the schema as the text of its file, `SCHEMA_FILE`."""
    return json.dumps(export_schema(), indent=2, ensure_ascii=False) + "\n"


def drop_titles(schema: Any) -> Any:
    """Leave out pydantic's titles, which repeat the names; no field of ours is called title."""
    if isinstance(schema, list):
        return [drop_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: drop_titles(value) for key, value in schema.items() if key != "title"}
