"""The tree of a YAML file: plain data, and the place of every key and value."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from tenantry.manifest.problem import Place


class Broken(Enum):
    """Stands for a value that could not be read; its problem was reported on reading."""

    VALUE = "broken"


Scalar = str | int | bool | Decimal | Broken | None


class Node(NamedTuple):
    """A value and its place; `key` is the place of the key that it stands under, or its own."""

    value: "Scalar | tuple[Node, ...] | dict[str, Node]"
    place: Place
    key: Place
    text: str = ""
    """A scalar as it was written, without quotes."""


Path = tuple[str | int, ...]


def plain(node: Node) -> Any:
    """Return the data of a tree, without its places."""
    match node.value:
        case dict() as entries:
            return {key: plain(child) for key, child in entries.items()}
        case tuple() as items:
            return [plain(item) for item in items]
        case scalar:
            return scalar


def child_of(node: Node, part: str | int) -> Node | None:
    """Return the value under a key or at an index, or None."""
    match node.value:
        case dict() as entries:
            return entries.get(part) if isinstance(part, str) else None
        case tuple() as items:
            return items[part] if isinstance(part, int) and 0 <= part < len(items) else None
        case _:
            return None


def node_at(node: Node, path: Sequence[str | int]) -> Node | None:
    """Return the value at a path, or None."""
    found: Node | None = node
    for part in path:
        if found is None:
            return None
        found = child_of(found, part)
    return found


def entries_of(node: Node | None) -> Mapping[str, Node]:
    """Return the entries of a mapping; of anything else, none."""
    return node.value if node is not None and isinstance(node.value, dict) else {}


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every value with its path, a mapping before its values."""
    yield path, node
    match node.value:
        case dict() as entries:
            for key, child in entries.items():
                yield from walk(child, (*path, key))
        case tuple() as items:
            for index, item in enumerate(items):
                yield from walk(item, (*path, index))
