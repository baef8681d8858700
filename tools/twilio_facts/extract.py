"""From OpenAPI documents to the facts that a fake can be held to: parameters, statuses, fields, lists."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from examples import compare
from package import Package
from scope import RESOURCES, is_in_scope

Json = dict[str, Any]
METHODS = ("delete", "get", "patch", "post", "put")
KEPT = ("type", "format", "nullable", "enum", "pattern", "minimum", "maximum")
NULL = re.compile(r"\b(is|be) (`?null|empty)\b|empty if|otherwise, empty|\bpopulated after\b", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Entry(NamedTuple):
    """One method on one path of one document."""

    document: Json
    host: str
    method: str
    path: str
    body: Json


def facts_of(package: Package) -> Json:
    """All facts, sorted, so that two versions of a package differ only where Twilio changed something."""
    entries = [entry for file in RESOURCES for entry in _entries(file, package.files[file])]
    operations: Json = {}
    objects: Json = {}
    lists: Json = {}
    for entry in sorted(entries, key=lambda entry: (entry.host, entry.path, entry.method)):
        name = f"{entry.method.upper()} {entry.path}"
        answers = _answers(entry, objects, lists)
        operations.setdefault(entry.host, {})[name] = {"parameters": _parameters(entry), "answers": answers}
    return {
        "source": {"package": package.name, "version": package.version, "licence": package.licence}
        | {"files": {file: _source(package, file) for file in sorted(RESOURCES)}},
        "operations": operations,
        "lists": dict(sorted(lists.items())),
        "objects": dict(sorted(objects.items())),
    }


def _source(package: Package, file: str) -> Json:
    return {"licence": package.files[file]["info"]["license"]["name"], "sha256": package.sha256[file]}


def _entries(file: str, document: Json) -> Iterator[Entry]:
    for path, item in document["paths"].items():
        if is_in_scope(file, path):
            host = item["servers"][0]["url"].removeprefix("https://")
            yield from (Entry(document, host, method, path, item[method]) for method in METHODS if method in item)


def _parameters(entry: Entry) -> Json:
    found = {}
    for given in entry.body.get("parameters", []):
        fact = {"in": given["in"]} | _field(entry.document, given["schema"])
        found[given["name"]] = fact | ({"required": True} if given.get("required") else {})
    form = entry.body.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    for name, schema in form.get("properties", {}).items():
        fact = {"in": "form"} | _field(entry.document, schema)
        found[name] = fact | ({"required": True} if name in form.get("required", []) else {})
    return dict(sorted(found.items()))


def _answers(entry: Entry, objects: Json, lists: Json) -> Json:
    """By status: null without a body, the name of an object, or for a list its key, its kind and its object."""
    found: Json = {}
    for status, response in sorted(entry.body["responses"].items()):
        content = response.get("content", {}).get(JSON)
        if int(status) < 300:
            found[status] = _answer(entry, content, objects, lists) if content else None
    return found


def _answer(entry: Entry, content: Json, objects: Json, lists: Json) -> Any:
    schema, examples = content["schema"], [example["value"] for example in content.get("examples", {}).values()]
    if "$ref" in schema:
        return _object(entry.document, schema, examples, objects)
    properties = dict(schema["properties"])
    key = next(name for name, field in properties.items() if field.get("type") == "array")
    items = [item for example in examples for item in example.get(key, [])]
    found = {"key": key, "of": _object(entry.document, properties.pop(key)["items"], items, objects)}
    kind = "meta" if "meta" in properties else "v2010"
    envelope = _fields(entry.document, properties)
    if lists.setdefault(kind, envelope) != envelope:
        raise ValueError(f"{entry.path} has lists of a third kind: {sorted(properties)}")
    return found | {"list": kind}


def _object(document: Json, reference: Json, examples: list[Any], objects: Json) -> str:
    name = str(reference["$ref"].rpartition("/")[2])
    fields = objects.setdefault(name, _fields(document, _resolve(document, reference)["properties"]))
    for field, fact in fields.items():
        compare(fact, [example[field] for example in examples if isinstance(example, dict) and field in example])
    return name


def _fields(document: Json, properties: Json) -> Json:
    return {name: _field(document, schema) for name, schema in sorted(properties.items())}


def _field(document: Json, schema: Json) -> Json:
    schema = _resolve(document, schema)
    fact = {word: schema[word] for word in KEPT if word in schema}
    if fact.get("nullable") and NULL.search(schema.get("description", "")):
        fact["null_shown"] = True
    if "properties" in schema:
        fact["properties"] = _fields(document, schema["properties"])
    if schema.get("items"):
        fact["items"] = _field(document, schema["items"])
    return fact


def _resolve(document: Json, schema: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Json = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found
