"""Merge layers: mappings by key, any other value replaces the inherited one, and null removes it."""

from collections.abc import Callable
from functools import reduce

from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.yaml.tree import Node, Path

Report = Callable[[Problem], None]


def merge(below: Node, above: Node, report: Report) -> Node:
    """Return the tree of two layers; each value keeps the place that it was written at.

    A null in `above` that removes nothing is reported.
    """
    return _merge_nodes(below, above, (), report)


def merge_all(layers: list[Node], report: Report) -> Node:
    """Return the tree of layers, the first at the bottom."""
    bottom = Node({}, Place(layers[0].place.file), Place(layers[0].place.file))
    return reduce(lambda below, above: merge(below, above, report), layers, bottom)


def _merge_nodes(below: Node | None, above: Node, path: Path, report: Report) -> Node:
    if not isinstance(above.value, dict):
        return above
    entries = dict(below.value) if below is not None and isinstance(below.value, dict) else {}
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
