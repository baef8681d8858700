"""Files of an import as text: a line for what fits in one, a block for what people read value by value."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from tenantry.manifest.effective import scalar
from tenantry.manifest.yaml.written_values import flow_text
from tenantry.operations.importing.entries import EntryPath
from tenantry.operations.importing.express import place_of
from tenantry.operations.importing.layers import Layer

WIDTH = 200
"""A line that takes over something is full of SIDs, which nobody reads: it may be long."""
VALUES = 4
"""A mapping with more values is a block."""
STEP = 2

LAYER = "# yaml-language-server: $schema={}schemas/layer.schema.json"
TENANT = "# yaml-language-server: $schema={}schemas/tenant.schema.json"
WAIVERS = "# yaml-language-server: $schema={}schemas/waivers.schema.json"


def file_text(document: Mapping[str, Any], head: str, name: str, *about: str) -> str:
    """Return the text of a file; `head` names its schema, from the folder that the file lies in."""
    up = "../" * (len(PurePosixPath(name).parts) - 1)
    lines = [head.format(up), *(f"# {line}" for line in about)]
    return "\n".join([*lines, *(row for key, value in document.items() for row in _rows(key, value, 0)), ""])


def layer_document(layer: Layer) -> Mapping[str, Any]:
    """Return a layer as plain data."""
    document: dict[str, Any] = {}
    for path in sorted(layer, key=place_of):
        _put(document, path, layer[path])
    return document


def _put(document: dict[str, Any], path: EntryPath, value: Any) -> None:
    for part in path[:-1]:
        document = document.setdefault(part, {})
    document[path[-1]] = value


def _rows(key: str, value: Any, column: int) -> Iterator[str]:
    head = f"{' ' * column}{scalar(key)}:"
    if not isinstance(value, Mapping) or not value or _is_short(head, value):
        yield f"{head} {flow_text(value)}"
        return
    yield head
    for name, child in value.items():
        yield from _rows(str(name), child, column + STEP)


def _is_short(head: str, value: Mapping[str, Any]) -> bool:
    return len(f"{head} {flow_text(value)}") <= WIDTH and _is_narrow(value)


def _is_narrow(value: Mapping[str, Any]) -> bool:
    return len(value) <= VALUES and all(_is_narrow(child) for child in value.values() if isinstance(child, Mapping))
