"""Find a tenant: by slug, SID, label, customer, or a part of its name."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from tenantry.manifest.load import Loaded
from tenantry.manifest.yaml.tree import Node, entries_of, walk


def find(loaded: Loaded, what: str, known_sids: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the matching slugs; an exact match of an earlier kind wins over all later ones.

    `known_sids` maps SIDs that a stack's state holds to slugs.
    """
    if what in loaded.origins:
        return (what,)
    owner = (known_sids or {}).get(what)
    if owner is not None:
        return (owner,)
    for test in (_has_sid, _has_label_or_customer, _has_part):
        found = tuple(slug for slug, node in loaded.origins.items() if test(node, what))
        if found:
            return found
    return ()


def find_alike(loaded: Loaded, what: str) -> tuple[str, ...]:
    """Return the slugs whose spelling is close."""
    return tuple(get_close_matches(what.lower(), list(loaded.origins)))


def _has_sid(node: Node, what: str) -> bool:
    return any(child.value == what for path, child in walk(node) if "adopt" in path)


def _has_label_or_customer(node: Node, what: str) -> bool:
    entries = entries_of(node)
    return what in _list_texts([*entries_of(entries.get("labels")).values(), entries.get("customer")])


def _has_part(node: Node, what: str) -> bool:
    entries = entries_of(node)
    texts = _list_texts(entries.get(key) for key in ("tenant", "name", "customer"))
    return bool(what) and any(what.lower() in text.lower() for text in texts)


def _list_texts(nodes: Iterable[Node | None]) -> list[str]:
    return [node.value for node in nodes if node is not None and isinstance(node.value, str)]
