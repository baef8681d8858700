"""Published JSON Schemas of what is reported, made from the values."""

from typing import Any

from pydantic import BaseModel

from tenantry.manifest.schema import DIALECT


def publish_schema(title: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a report as it is written."""
    return {"$schema": DIALECT, "title": title, **_drop_titles(model.model_json_schema(mode="serialization"))}


def _drop_titles(schema: Any) -> Any:
    """Leave out pydantic's titles, which repeat the names; no field of ours is called title."""
    if isinstance(schema, list):
        return [_drop_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _drop_titles(value) for key, value in schema.items() if key != "title"}
