"""`locked`: paths of a layer that no later layer and no tenant may set."""

from collections.abc import Iterable, Iterator, Sequence

from tenantry.manifest.partial import ANY, LOCKED, is_of_tenants_alone, parts_of
from tenantry.manifest.problem import Problem, format_path
from tenantry.manifest.yaml.tree import Node, Path, entries_of, walk


def without_locks(layer: Node) -> Node:
    """Return a layer without `locked`, for merging."""
    entries = entries_of(layer)
    return layer._replace(value={key: child for key, child in entries.items() if key != LOCKED})


def find_broken_locks(layers: Sequence[Node]) -> Iterator[Problem]:
    """Yield a problem for each value that a layer or tenant sets though one before it has locked the path.

    The first layer is at the bottom, the tenant's own file is the last.
    """
    for index, layer in enumerate(layers):
        for later in layers[index + 1 :]:
            yield from find_broken(locks_of(layer), later)


def locks_of(layer: Node) -> tuple[Node, ...]:
    """Return the paths that a layer locks, where each is written."""
    written = entries_of(layer).get(LOCKED)
    items = written.value if written is not None and isinstance(written.value, tuple) else ()
    named = (item for item in items if isinstance(item.value, str))
    return tuple(item for item in named if not is_of_tenants_alone(parts_of(str(item.value))))


def find_broken(locks: Iterable[Node], later: Node) -> Iterator[Problem]:
    """Yield a problem for each value that a layer or tenant sets though one of these locks its path."""
    for lock in locks:
        path = parts_of(str(lock.value))
        for written, node in walk(without_locks(later)):
            if written and _sets(node, written, path):
                sentence = f"is locked by {lock.place} ({lock.value}); remove it here, or unlock it there"
                yield Problem.at(node.key, format_path(written), sentence)


def _sets(node: Node, written: Path, locked: Path) -> bool:
    """Return whether a value stands at a locked path, or removes or replaces what is above it.

    A value below a locked path is not reported again: its mapping stands at the path.
    """
    if len(written) > len(locked) or not _fits(written, locked[: len(written)]):
        return False
    return len(written) == len(locked) or not isinstance(node.value, dict)


def _fits(written: Path, locked: Path) -> bool:
    return all(part in (ANY, name) for name, part in zip(written, locked, strict=True))
