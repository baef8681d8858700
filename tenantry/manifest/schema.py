"""JSON Schema of what people write, made from the model: for editors, and for anybody else's tools."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from tenantry.manifest.partial import ADOPT, layer_file, tenant_file
from tenantry.model.project import Project
from tenantry.model.tenant import TENANT_ONLY
from tenantry.model.terms import Customer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REWRITE = "tenantry schema --write ."

Schema = dict[str, Any]


def tenant_schema() -> Schema:
    """Return the schema of tenants/<slug>.yaml."""
    schema = _tidied(tenant_file().model_json_schema())
    for part in list(_never_inherited(schema)):
        closed = _without_null(part)
        part.clear()
        part.update(closed)
    return _published("Tenantry: a tenant", schema)


def layer_schema() -> Schema:
    """Return the schema of defaults.yaml, plans/<plan>.yaml and profiles/<name>.yaml."""
    return _published("Tenantry: a layer", _tidied(layer_file().model_json_schema()))


def project_schema() -> Schema:
    """Return the schema of tenantry.yaml."""
    return schema_of("Tenantry: the project", Project)


def schema_of(title: str, model: type[BaseModel]) -> Schema:
    """Return the schema of a file that lies over nothing, so that a null in it removes nothing."""
    return _published(title, _without_null(_tidied(model.model_json_schema())))


def customer_schema() -> Schema:
    """Return the schema of customers/<customer>.yaml."""
    return schema_of("Tenantry: a customer", Customer)


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "tenant": tenant_schema,
    "layer": layer_schema,
    "project": project_schema,
    "customer": customer_schema,
}


def written(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _published(title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, **schema, "title": title}


def _tidied(schema: Any, *, names: bool = False) -> Any:
    """Leave out what says nothing to a reader, and close every mapping; `names` marks a mapping of properties."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _tidied(value, names=key in ("properties", "$defs", "patternProperties") and not names)
        for key, value in schema.items()
        if names or not _is_noise(key, value, schema)
    }
    return kept | ({"additionalProperties": False} if "patternProperties" in kept and not names else {})


def _is_noise(key: str, value: Any, schema: Schema) -> bool:
    counts_items_as_text = key == "minLength" and schema.get("type") == "array"
    return key == "title" or counts_items_as_text or (key == "default" and value in (None, {}, []))


def _never_inherited(schema: Schema) -> Iterator[Schema]:
    """Yield the parts of a tenant's schema that no layer has, so that a null in them removes nothing."""
    definitions = schema["$defs"]
    for properties in (schema["properties"], *(part["properties"] for part in definitions.values())):
        for name, part in properties.items():
            if name == ADOPT or (name in TENANT_ONLY and properties is schema["properties"]):
                yield part
                yield from _referred(part, definitions)


def _referred(part: Any, definitions: Schema) -> Iterator[Schema]:
    if isinstance(part, dict):
        if "$ref" in part:
            definition = definitions[part["$ref"].removeprefix("#/$defs/")]
            yield definition
            yield from _referred(definition["properties"], definitions)
        for child in part.values():
            yield from _referred(child, definitions)
    elif isinstance(part, list):
        for child in part:
            yield from _referred(child, definitions)


def _without_null(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_null(item) for item in schema if item != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items()}
    match kept.get("anyOf"):
        case [dict() as only]:
            return only | {key: value for key, value in kept.items() if key != "anyOf"}
        case _:
            return kept
