"""What a stack's state holds, to decide to whom an account or object belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tenantry.engine.events.urn import COMPONENT, name_of
from tenantry.engine.state.unfinished import ALLOWANCE, LONGEST_RUN
from tenantry.model.kinds import BY_TOKEN, KINDS, KindName
from tenantry.model.recorded import WAITING

OBJECTS: frozenset[KindName] = frozenset(name for name, kind in KINDS.items() if kind.sid is not None)
"""Kinds whose id is the SID of what they hold; the id of an account's state is that of the account too."""


@dataclass(frozen=True)
class Holder:
    """A resource that holds an object of Twilio's."""

    name: str
    is_ours: bool
    """Whether it is of a kind of ours; a project's own code may make others."""
    is_leaving: bool
    """Whether it is the old half of a replacement that a run did not finish."""


@dataclass(frozen=True)
class Holdings:
    """The state of a stack at one moment."""

    holders: Mapping[str, tuple[Holder, ...]] = field(default_factory=dict)
    """By SID."""
    pending: Mapping[str, int] = field(default_factory=dict)
    """How many creates of a resource were begun and never finished, by its name; a run that goes on has its own."""
    components: Mapping[str, datetime] = field(default_factory=dict)
    """When the component of a tenant came into the state, by slug: nothing of the tenant was made before."""
    waiting: frozenset[str] = frozenset()
    """The names of resources that are not made yet, because their tenant is not active."""
    accounts: frozenset[str] = frozenset()
    """The tenants whose account it holds."""
    is_recovering: bool = False
    """Whether a run with --recover began it, and no run without --recover came after."""

    def others(self, sid: str, name: str) -> tuple[Holder, ...]:
        """Return the resources that hold an object, without the resource of this name."""
        return tuple(holder for holder in self._list_staying(sid) if holder.name != name)

    def survivors(self, sid: str, name: str) -> tuple[Holder, ...]:
        """Return the resources that hold an object when a resource of this name is deleted.

        Where the old half of a replacement is deleted, the new half is one of them.
        """
        halves = [holder for holder in self.holders.get(sid, ()) if holder.name == name]
        return self._list_staying(sid) if any(half.is_leaving for half in halves) else self.others(sid, name)

    def sid_of(self, name: str) -> str | None:
        """Return what a resource of ours holds, by its name; None where there is none, or it is leaving."""
        wanted = (
            sid
            for sid, group in self.holders.items()
            for holder in group
            if holder.name == name and holder.is_ours and not holder.is_leaving
        )
        return next(wanted, None)

    def has_any_of(self, slug: str) -> bool:
        """Return whether it holds the account of a tenant, or anything in it."""
        holders = (holder for group in self.holders.values() for holder in group)
        return any(holder.is_ours and holder.name.partition("/")[0] == slug for holder in holders)

    def is_unfinished(self, slug: str) -> bool:
        """Return whether a run began a tenant and did not get its account."""
        return bool(self.pending.get(slug)) or (slug in self.components and slug not in self.accounts)

    def may_have_made(self, slug: str, created: datetime, own: int) -> bool:
        """Return whether a create that no run finished may have made a tenant's account; `own` are this run's."""
        began = self.components.get(slug)
        return self.pending.get(slug, 0) > own and began is not None and created >= began - ALLOWANCE

    def is_pending_of_earlier_run(self, name: str, own: int) -> bool:
        """Return whether an earlier run began to make a resource, and did not finish; `own` creates are this run's."""
        return self.pending.get(name, 0) > own

    def was_begun(self, slug: str, created: datetime, before: datetime) -> bool:
        """Return whether a run that began a tenant, and never got its account, may have made that account.

        A run whose plugin was killed ends so: the engine forgets a create that failed, but its object exists. Of
        runs that began the tenant only the first has a time; `before` is when the current run began.
        """
        began = self.components.get(slug)
        if slug in self.accounts or began is None or began >= before:
            return False
        return began - ALLOWANCE <= created <= began + LONGEST_RUN

    def _list_staying(self, sid: str) -> tuple[Holder, ...]:
        return tuple(holder for holder in self.holders.get(sid, ()) if not holder.is_leaving)


def read_holdings(exported: Mapping[str, Any]) -> Holdings:
    """Return what the state that `pulumi stack export` prints holds."""
    deployment = exported.get("deployment") or {}
    resources = deployment.get("resources") or ()
    pending = (
        resource["resource"]["urn"] for resource in deployment.get("pending_operations") or () if _is_create(resource)
    )
    return Holdings(
        holders=_map_holders(resources),
        pending=Counter(map(name_of, pending)),
        components={
            name_of(resource["urn"]): datetime.fromisoformat(resource["created"])
            for resource in resources
            if resource["type"] == COMPONENT and "created" in resource
        },
        waiting=frozenset(name_of(resource["urn"]) for resource in resources if _waits(resource)),
        accounts=frozenset(
            name_of(resource["urn"])
            for resource in resources
            if BY_TOKEN.get(resource["type"]) == "subaccount" and _find_sid(resource)
        ),
        is_recovering=any(
            BY_TOKEN.get(resource["type"]) == "fleet" and resource["inputs"].get("recovering") for resource in resources
        ),
    )


def _map_holders(resources: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[Holder, ...]]:
    holders: dict[str, tuple[Holder, ...]] = {}
    for resource in resources:
        kind, sid = BY_TOKEN.get(resource["type"]), _find_sid(resource)
        if sid and (kind is None or kind in OBJECTS):
            holder = Holder(name_of(resource["urn"]), kind is not None, _is_leaving(resource))
            holders[sid] = (*holders.get(sid, ()), holder)
    return holders


def _find_sid(resource: Mapping[str, Any]) -> str:
    """Return what a resource holds; other providers of Twilio's objects write `AC…/UT…`."""
    id_ = str(resource.get("id") or "")
    return "" if id_.startswith(WAITING) else id_.rpartition("/")[2]


def _waits(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("id") or "").startswith(WAITING) and not _is_leaving(resource)


def _is_leaving(resource: Mapping[str, Any]) -> bool:
    return bool(resource.get("delete") or resource.get("pendingReplacement"))


def _is_create(operation: Mapping[str, Any]) -> bool:
    return operation.get("type") == "creating"
