"""Values that tenants inherit as they are: most of a fleet has those of its layers, which are checked once a stack."""

from dataclasses import dataclass, field
from typing import Any

from tenantry.manifest.problem import Problem
from tenantry.manifest.terms import TERMS, contradictions
from tenantry.manifest.yaml.tree import Node, entries_of, walk
from tenantry.model.tenant import Tenant
from tenantry.model.url import PLACEHOLDER

KEY = "terms"


@dataclass(frozen=True)
class SharedValues:
    """Values by the identity of their trees, which merging leaves as they are where a tenant sets nothing of its own.

    For tenants that are validated with the same context but for their slug.
    """

    _trees: dict[int, Node] = field(default_factory=dict)
    """The trees that were looked at: while they are kept, their identities stay their own."""
    _values: dict[int, Any] = field(default_factory=dict)
    _contradictions: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    def find_known(self, node: Node) -> dict[str, Any]:
        """Return the values, by key, that a tenant's tree has in common with a tenant that was kept."""
        return {key: self._values[id(tree)] for key, tree in entries_of(node).items() if id(tree) in self._values}

    def keep(self, tenant: Tenant, node: Node, own: Node) -> None:
        """Keep the mappings that a tenant's tree has and its own file has not; those that hold its slug differ."""
        written = entries_of(own)
        for key, tree in entries_of(node).items():
            if key in written or id(tree) in self._trees or not isinstance(tree.value, dict):
                continue
            self._trees[id(tree)] = tree
            if not _holds_placeholder(tree):
                self._values[id(tree)] = getattr(tenant, key)

    def find_contradictions(self, tenant: Tenant, node: Node) -> tuple[Problem, ...]:
        """Return what contradicts itself in a tenant's terms."""
        tree = entries_of(node).get(KEY)
        if tenant.terms is None or tree is None:
            return ()
        if id(tree) not in self._contradictions:
            self._trees[id(tree)] = tree
            self._contradictions[id(tree)] = tuple(contradictions(tenant.terms, node, TERMS))
        return self._contradictions[id(tree)]


def _holds_placeholder(tree: Node) -> bool:
    return any(isinstance(node.value, str) and PLACEHOLDER in node.value for _, node in walk(tree))
