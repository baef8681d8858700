"""Published JSON Schemas of what is reported, made from the values."""

from typing import Any

from pydantic import BaseModel

from tenantry.manifest.schema import DIALECT
from tenantry.reports.export.as_json import drop_titles


def publish_schema(title: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a report as it is written."""
    return {"$schema": DIALECT, "title": title, **drop_titles(model.model_json_schema(mode="serialization"))}
