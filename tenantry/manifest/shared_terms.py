"""Terms that tenants inherit as they are: most of a fleet has those of its plan, which are checked once."""

from dataclasses import dataclass, field

from tenantry.manifest.problem import Problem
from tenantry.manifest.terms import TERMS, contradictions
from tenantry.manifest.yaml.tree import Node, entries_of
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Terms

KEY = "terms"


@dataclass(frozen=True)
class CheckedTerms:
    """The value of a tree, and what contradicts itself in it; the tree is kept, so that its identity stays its own."""

    tree: Node
    terms: Terms
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class SharedTerms:
    """Terms by the identity of their trees, which merging leaves as they are where a tenant sets nothing of its own."""

    _checked: dict[int, CheckedTerms] = field(default_factory=dict)

    def find_known(self, node: Node) -> dict[str, Terms]:
        """Return the terms of a tenant's tree under their key, if another tenant had the same; else nothing."""
        tree = entries_of(node).get(KEY)
        known = self._checked.get(id(tree)) if tree is not None else None
        return {KEY: known.terms} if known else {}

    def find_contradictions(self, tenant: Tenant, node: Node) -> tuple[Problem, ...]:
        """Return what contradicts itself in a tenant's terms."""
        tree = entries_of(node).get(KEY)
        if tenant.terms is None or tree is None:
            return ()
        if id(tree) not in self._checked:
            found = tuple(contradictions(tenant.terms, node, TERMS))
            self._checked[id(tree)] = CheckedTerms(tree, tenant.terms, found)
        return self._checked[id(tree)].problems
