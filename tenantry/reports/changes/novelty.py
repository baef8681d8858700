"""New tenants in a report: all that each gets stands together, which `group_steps` shares out."""

import json
from collections.abc import Iterator, Mapping, Sequence

from tenantry.model.kinds import KindName
from tenantry.operations.changes.values import Group, ResourceChange

ACCOUNT: KindName = "subaccount"
_MAKING = ("create", "adopt", "import")


def split_by_novelty(groups: Sequence[Group]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Return a group for all that new tenants get, those that get the same in one, and the groups of all others.

    A dangerous change of a new tenant, such as closing its account at once, stays where dangers are.
    """
    new = {slug for group in groups if any(map(_makes_account, group.changes)) for slug in group.tenants}
    gets: dict[str, list[ResourceChange]] = {slug: [] for slug in sorted(new)}
    other_groups = []
    for group in groups:
        if group.danger is None:
            for slug in new.intersection(group.tenants):
                gets[slug] += group.changes
        remaining = group.tenants if group.danger else tuple(slug for slug in group.tenants if slug not in new)
        if remaining or not group.tenants:
            other_groups.append(group.model_copy(update={"tenants": remaining}))
    return tuple(_group_alike(gets)), tuple(other_groups)


def _makes_account(change: ResourceChange) -> bool:
    """Say whether a tenant is new by a change: not where its account is found again, which no manifest adopts."""
    if change.resource != ACCOUNT or change.op not in _MAKING:
        return False
    return change.op != "adopt" or any(field.path == "adopt" for field in change.fields)


def _group_alike(gets: Mapping[str, Sequence[ResourceChange]]) -> Iterator[Group]:
    """Yield a group for each whole of changes, what most tenants get first."""
    found: dict[str, Group] = {}
    for slug, changes in gets.items():
        whole = tuple(sorted(changes, key=lambda change: (change.resource != ACCOUNT, change.resource, change.type)))
        key = json.dumps([change.model_dump(mode="json") for change in whole])
        before = found[key].tenants if key in found else ()
        found[key] = Group(danger=None, tenants=(*before, slug), changes=whole)
    yield from sorted(found.values(), key=lambda group: (-len(group.tenants), group.tenants))
