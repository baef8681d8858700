"""JSON Schemas of manifests, derived from the model: for editors and other tools."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from tenantry.manifest.partial import layer_file, tenant_file
from tenantry.model.access import Access
from tenantry.model.project import Project
from tenantry.model.tenant import ADOPTING, TENANT_ONLY
from tenantry.model.terms import Customer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REWRITE = "tenantry schema --write ."

Schema = dict[str, Any]


def tenant_schema() -> Schema:
    """Return the schema of tenants/<slug>.yaml."""
    schema = _tidy(tenant_file().model_json_schema())
    for part in list(_never_inherited(schema)):
        closed = _without_null(part)
        part.clear()
        part.update(closed)
    return _publish("Tenantry: a tenant", schema)


def layer_schema() -> Schema:
    """Return the schema of defaults.yaml, plans/<plan>.yaml and profiles/<name>.yaml."""
    return _publish("Tenantry: a layer", _tidy(layer_file().model_json_schema()))


def project_schema() -> Schema:
    """Return the schema of tenantry.yaml."""
    return schema_of("Tenantry: the project", Project)


def schema_of(title: str, model: type[BaseModel]) -> Schema:
    """Return the schema of a file without layers, in which a null removes nothing."""
    return _publish(title, _without_null(_tidy(model.model_json_schema())))


def customer_schema() -> Schema:
    """Return the schema of customers/<customer>.yaml."""
    return schema_of("Tenantry: a customer", Customer)


def access_schema() -> Schema:
    """Return the schema of access.yaml."""
    return schema_of("Tenantry: who may do what", Access)


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "tenant": tenant_schema,
    "layer": layer_schema,
    "project": project_schema,
    "customer": customer_schema,
    "access": access_schema,
}


def format_schema(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _publish(title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, **schema, "title": title}


def _tidy(schema: Any, *, names: bool = False) -> Any:
    """Leave out keywords without meaning, and close every mapping; `names` marks a mapping of properties."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _tidy(value, names=key in ("properties", "$defs", "patternProperties") and not names)
        for key, value in schema.items()
        if names or not _is_noise(key, value, schema)
    }
    return kept | ({"additionalProperties": False} if "patternProperties" in kept and not names else {})


def _is_noise(key: str, value: Any, schema: Schema) -> bool:
    counts_items_as_text = key == "minLength" and schema.get("type") == "array"
    return key == "title" or counts_items_as_text or (key == "default" and value in (None, {}, []))


def _never_inherited(schema: Schema) -> Iterator[Schema]:
    """Yield the parts of a tenant's schema that layers don't have, in which a null removes nothing."""
    definitions = schema["$defs"]
    for properties in (schema["properties"], *(part["properties"] for part in definitions.values())):
        for name, part in properties.items():
            if name in ADOPTING or (name in TENANT_ONLY and properties is schema["properties"]):
                yield part
                yield from _find_references(part, definitions)


def _find_references(part: Any, definitions: Schema) -> Iterator[Schema]:
    if isinstance(part, dict):
        if "$ref" in part:
            definition = definitions[part["$ref"].removeprefix("#/$defs/")]
            yield definition
            yield from _find_references(definition["properties"], definitions)
        for child in part.values():
            yield from _find_references(child, definitions)
    elif isinstance(part, list):
        for child in part:
            yield from _find_references(child, definitions)


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
