"""Which resources of a state the preview of some tenants needs, and which Pulumi would only report as unchanged.

Left out is nothing but what is known to be plain: a resource of ours, or the component of a tenant, that belongs to
another tenant, has no field that makes Pulumi do more than compare it, and that nothing kept refers to. A field or a
kind of resource that we don't know is kept, with all that it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenantry.engine.events.urn import COMPONENT, name_of
from tenantry.engine.run.focus import FLEET
from tenantry.model.recorded import TOKENS

PLAIN = frozenset(
    {
        *("urn", "custom", "id", "type", "inputs", "outputs", "parent", "dependencies", "propertyDependencies"),
        *("deletedWith", "provider", "protect", "retainOnDelete", "ignoreChanges", "additionalSecretOutputs"),
        *("created", "modified", "sourcePosition", "stackTrace"),
    }
)
"""The fields of a resource that Pulumi (apitype/core.go of 3.259) leaves as they are where it is not a target."""

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Parted:
    """The resources of a state, in its order."""

    kept: tuple[Resource, ...]
    omitted: tuple[Resource, ...]


def part_resources(resources: Sequence[Resource], slugs: Collection[str]) -> Parted:
    """Return what the preview of these tenants needs, and what it does not.

    Kept are the targets, what depends on them, for Pulumi looks for it before it deletes a target, all that is not
    plain, and what any of these needs. In a state all that a resource needs comes before it.
    """
    needed = _find_dependents(resources, slugs)
    needed.update(resource["urn"] for resource in resources if not _is_plain(resource))
    for resource in reversed(resources):
        if resource["urn"] in needed:
            needed.update(_list_needs(resource))
    return Parted(
        tuple(resource for resource in resources if resource["urn"] in needed),
        tuple(resource for resource in resources if resource["urn"] not in needed),
    )


def _find_dependents(resources: Sequence[Resource], slugs: Collection[str]) -> set[str]:
    """Return the URNs of the targets and of all that depends on them."""
    reached: set[str] = set()
    for resource in resources:
        if _is_target(resource["urn"], slugs) or not reached.isdisjoint(_list_needs(resource)):
            reached.add(resource["urn"])
    return reached


def _is_target(urn: str, slugs: Collection[str]) -> bool:
    """Return whether the patterns of `targets_of` match a URN; a name with `::` in it counts as one that they do."""
    name = name_of(urn)
    return name.partition("/")[0] in slugs or name == FLEET or "::" in name


def _is_plain(resource: Resource) -> bool:
    is_ours = resource["type"] == COMPONENT or resource["type"].startswith(TOKENS)
    return is_ours and resource.keys() <= PLAIN


def _list_needs(resource: Resource) -> Iterator[str]:
    """Yield the URNs of what a resource refers to."""
    for field in ("parent", "deletedWith", "viewOf"):
        if urn := resource.get(field):
            yield urn
    yield from resource.get("dependencies") or ()
    yield from resource.get("replaceWith") or ()
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()
    if provider := resource.get("provider"):
        yield provider.rpartition("::")[0]
