"""What a plan says about terms by itself: the price list that tenants are compared with."""

from tenantry.manifest.base import Layers
from tenantry.manifest.complaint import validate
from tenantry.manifest.layers import merge_all
from tenantry.manifest.locked import without_locks
from tenantry.manifest.problem import Problem
from tenantry.manifest.terms import TERMS, contradictions
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.terms import Terms


def terms_of_plans(layers: Layers) -> dict[str, Terms]:
    """Return the terms of each plan over defaults.yaml, by name.

    A plan without terms is left out, and so is one whose terms have a mistake or need what a tenant brings.
    """
    below = [layers.defaults.node] if layers.defaults and layers.defaults.node else []
    found = {name: _terms_of([*below, plan]) for name, plan in layers.plan_trees.items()}
    return {name: terms for name, terms in found.items() if terms is not None}


def _terms_of(trees: list[Node]) -> Terms | None:
    written = node_at(merge_all(list(map(without_locks, trees)), _ignore_null), TERMS)
    terms = validate(written, Terms, None) if written is not None else None
    if written is None or not isinstance(terms, Terms):
        return None
    broken = any(problem.severity == "error" for problem in contradictions(terms, written, ()))
    return None if broken else terms


def _ignore_null(_: Problem) -> None:
    """A null that removes nothing is reported where a tenant's layers are merged."""
