"""docs/manifest.md: every key of every file, from the model, as Markdown."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from tenantry.manifest.layers import TAGS
from tenantry.manifest.partial import alternatives
from tenantry.manifest.schema import REWRITE
from tenantry.model.project import Project
from tenantry.model.tenant import ADOPTING, RESERVED, TENANT_ONLY, Tenant
from tenantry.model.terms import Customer

_PREFACE = f"""<!-- Written by `{REWRITE}`: change the model, not this file. -->
# Manifests

Files are YAML 1.2: `no` and `2026-01-01` are text, `0100` is the number 100, and the only booleans are `true` and
`false`. There are no tags, anchors or aliases, and no key stands twice. **An empty value is an error**; `{{}}` means
all defaults. A key or a value has 4,096 characters at most. A file may be a link, as long as it stays in the project.

A tenant is merged over its layers: `defaults.yaml`, then `plans/<plan>.yaml`, then each of `profiles/<name>.yaml`.
Mappings merge by key, everything else is replaced whole. The word `null` removes what is inherited, and is an error
where nothing is. Keys marked *tenants only* are refused in layers; `plan` is refused in plans, and `plan` and
`profiles` in profiles. **Required** means: in the tenant or in one of its layers.

Slugs and names of entries are `a-z`, `0-9` and `-`, start with a letter, don't end in `-`, and have 32 characters at
most. They never change: everything in Twilio and in Pulumi's state is found by them.

A URL that clients read differently is refused. A URL has `http://` or `https://`, a host of letters, digits, `-` and
`.`, a port up to 65535, no user, no `\\`, no white space and no invisible character. A path begins with one `/`.
`trigger_value` is at least 0 and below 10^15, with 6 decimals at most; with a plus sign it would be an offset, and is
refused.

Files and folders have exactly the names that are written here, in lower case: `defaults.yml`, `Default.yaml` or
`Plans/` is an error that says so. No stack's folder lies inside another's.

An entry with a `strategy` is one of several mappings: a layer that says `strategy` starts the entry anew, and a key of
another strategy is an error. So is an entry of `secret_sinks` with its `type`: a stack's own entry is a whole one.
`on_fire` of a usage trigger is such an entry with its `action`.

`locked` in a layer is a list of paths that no later layer and no tenant may set, `*` for every name in a mapping:
`locked: [retention, api_keys.*.access]`. Setting, removing or replacing one is an error that names the lock's line.

Not supported yet, and refused so that no manifest gives them another meaning:
{", ".join(f"`{key}`" for key in RESERVED)}, and every `region` but `us1`.
"""

FILES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("tenantry.yaml", Project),
    ("tenants/<slug>.yaml", Tenant),
    ("customers/<customer>.yaml", Customer),
)
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def reference() -> str:
    """Return the text of docs/manifest.md."""
    parts = [_PREFACE]
    for file, root in FILES:
        paths: dict[type[BaseModel], list[str]] = {}
        for path, model in _mappings(root, ""):
            paths.setdefault(model, []).append(path)
        parts += [_section(file, model, *places) for model, places in paths.items()]
    return "\n".join(parts)


def _section(file: str, model: type[BaseModel], path: str, *same: str) -> str:
    heading = f"### `{path}`{_tag_words(model)}" if path else f"## `{file}`"
    also = f" The same keys: {', '.join(f'`{other}`' for other in same)}." if same else ""
    return f"{heading}\n\n{model.__doc__}{also}\n\n{table(path, model)}"


def _tag_words(model: type[BaseModel]) -> str:
    """Return which of several mappings this is, where its tag says so: ` of strategy fixed`."""
    tags = {tag: get_args(model.model_fields[tag].annotation) for tag in TAGS.values() if tag in model.model_fields}
    return "".join(f" of {tag} `{' or '.join(map(str, values))}`" for tag, values in tags.items() if values)


def _mappings(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield each mapping that a file may hold, with its path; the outer ones first."""
    yield path, model
    for name, field in model.model_fields.items():
        below = f"{path}.{name}".removeprefix(".")
        for found in alternatives(field.annotation):
            match get_origin(found):
                case origin if origin is dict:
                    inner, place = get_args(found)[1], f"{below}.<{_key_word(below)}>"
                case origin if origin is tuple:
                    inner, place = get_args(found)[0], f"{below}[]"
                case _:
                    inner, place = found, below
            for entry in alternatives(inner):
                if isinstance(entry, type) and issubclass(entry, BaseModel):
                    yield from _mappings(entry, place)


def _key_word(path: str) -> str:
    return {"stacks": "stack", "ignore": "kind/entry"}.get(path, "name")


def table(path: str, model: type[BaseModel]) -> str:
    """Return the keys of a mapping as a table; `path` is where a manifest has it."""
    schema = model.model_json_schema()
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        words = _type_words(schema["properties"][field.alias or name], schema.get("$defs", {}))
        default = "**required**" if field.is_required() else _default(field.default)
        alone = model not in (Project, Customer) and (name in ADOPTING or (not path and name in TENANT_ONLY))
        meaning = f"{field.description or ''}{'; *tenants only*' if alone else ''}"
        rows.append(f"| `{field.alias or name}` | {words} | {default} | {meaning.replace('|', '&#124;')} |")
    return "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case tuple() if value:
            return f"`[{', '.join(map(str, value))}]`"
        case None | () | {} | BaseModel():
            return ""
        case _:
            return f"`{value}`"


def _type_words(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Describe the type of a schema in words; a mapping with a table of its own is `mapping`."""
    if "anyOf" in schema:
        choices = [_type_words(choice, definitions) for choice in schema["anyOf"] if choice != {"type": "null"}]
        return " or ".join(choices)
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("format") == "date":
        return 'day, `"YYYY-MM-DD"`'
    if schema.get("type") == "array":
        return f"list of {_type_words(schema['items'], definitions)}"
    if schema.get("type") == "object" or "$ref" in schema or "oneOf" in schema:
        return "mapping"
    return f"{_WORDS[schema['type']]}{_range(schema)}"


def _range(schema: dict[str, Any]) -> str:
    if "maxLength" in schema:
        return f", {schema['maxLength']} characters at most"
    return f", {schema['minimum']} to {schema['maximum']}" if "minimum" in schema and "maximum" in schema else ""
