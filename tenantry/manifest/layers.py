"""Merge layers: mappings by key, any other value replaces the inherited one, and null removes it."""

from collections.abc import Callable, Mapping
from functools import reduce

from tenantry.manifest.partial import ANY
from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.yaml.tree import Node, Path, entries_of

Report = Callable[[Problem], None]

TAGS: Mapping[Path, str] = {
    ("terms", "charges", ANY): "strategy",
    ("usage_triggers", ANY, "on_fire"): "action",
    ("secret_sinks", ANY): "type",
    ("stacks", ANY, "secret_sinks", ANY): "type",
}
"""Entries that are one of several mappings, and the key that says which: a layer that sets it starts the entry anew."""

EMPTY = Node({}, Place(""), Place(""))
"""What lies below all layers. Nobody sees its place: what is merged has the place of the upper layer."""


def merge(below: Node, above: Node, report: Report, *, at: Path = ()) -> Node:
    """Return the tree of two layers, or of what they have at a path; each value keeps the place of its writing.

    A null in `above` that removes nothing is reported.
    """
    return _merge_nodes(below, above, at, report)


def merge_all(layers: list[Node], report: Report) -> Node:
    """Return the tree of layers, the first at the bottom."""
    return reduce(lambda below, above: merge(below, above, report), layers, EMPTY)


def _merge_nodes(below: Node | None, above: Node, path: Path, report: Report) -> Node:
    if not isinstance(above.value, dict):
        return above
    entries = dict(entries_of(below)) if not _starts_anew(above, path) else {}
    for key, child in above.value.items():
        if child.value is not None:
            entries[key] = _merge_nodes(entries.get(key), child, (*path, key), report)
        elif key in entries:
            del entries[key]
        else:
            report(
                Problem.at(child.place, format_path((*path, key)), "null removes nothing: nothing is inherited here")
            )
    return above._replace(value=entries)


def tag_of(path: Path) -> str | None:
    """Return the key that says which of several mappings stands at a path; None where there is one sort only."""
    return next((tag for pattern, tag in TAGS.items() if _fits(path, pattern)), None)


def _starts_anew(above: Node, path: Path) -> bool:
    tag = tag_of(path)
    return tag is not None and tag in entries_of(above)


def _fits(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(part in (ANY, name) for name, part in zip(path, pattern, strict=True))
