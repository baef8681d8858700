"""Generations of keys whose retirement a run holds back, and keys for which a person waives that: by the environment.

The preview and the run of an `up` get the same values, and the program reads them; in plain `pulumi up` a person may
set RETIRE_VARIABLE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

KEPT_VARIABLE = "TENANTRY_KEPT_KEYS"
"""`acme/web#1,birch/web#2`: generations that the manifests don't name any more, and that this run leaves."""
RETIRE_VARIABLE = "TENANTRY_RETIRE_UNPROVEN"
"""`acme/web`: keys whose generations go though nobody has proved their successor."""


def join_kept(kept: Iterable[tuple[str, str, int]]) -> str:
    """Return the value of KEPT_VARIABLE: of each the slug, the key and the generation."""
    return ",".join(f"{slug}/{key}#{generation}" for slug, key, generation in sorted(kept))


def kept_in(named: str) -> Mapping[str, Mapping[str, frozenset[int]]]:
    """Return what KEPT_VARIABLE names: generations by key by slug."""
    kept: dict[str, dict[str, frozenset[int]]] = {}
    for part in filter(None, named.split(",")):
        name, _, generation = part.rpartition("#")
        slug, _, key = name.partition("/")
        of_tenant = kept.setdefault(slug, {})
        of_tenant[key] = of_tenant.get(key, frozenset()) | {int(generation)}
    return kept


def waived_in(named: str) -> frozenset[str]:
    """Return the keys that RETIRE_VARIABLE names; people write it, with blanks too."""
    return frozenset(name for part in named.split(",") if (name := part.strip()))
