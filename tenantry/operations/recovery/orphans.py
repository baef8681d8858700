"""Orphans: objects that are ours by their mark, made during a run that did not end well, and wanted by nobody.

Ours are keys named `{key}#{generation}`, sinks and subscriptions named `tenantry:debugger`, and triggers whose name
could be an entry's. Only those that Twilio made during such a run are taken for orphans, and of these only what neither
a manifest nor the state knows. All else is left to the drift report.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from pydantic import Field

from tenantry.engine.state.deployment import StateResource
from tenantry.engine.state.unfinished import ALLOWANCE, Marks, is_marked, run_of
from tenantry.manifest.load import Loaded
from tenantry.model.kinds import KINDS, OBJECTS, KindName
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.found import Found, twilio_name
from tenantry.operations.drift.looking import Tenants, find_tenants, look_into_accounts
from tenantry.operations.drift.unmanaged import Stranger, find_by_name, find_strangers
from tenantry.operations.reported import Reported
from tenantry.twilio.session import Session

LIVING: Final = ("open", "suspended", "due")
"""Standings of tenants that may come back: `due` rests until somebody closes it or changes their mind."""

_LAST_FIRST = tuple(reversed(OBJECTS))


class Orphan(Reported):
    """An object that a run made and did not record, and that no manifest names now."""

    tenant: str = Field(description="the slug of the tenant in whose account it is")
    kind: KindName
    name: str = Field(description="the name that it has in Twilio")
    account_sid: str
    sid: str
    run: datetime = Field(description="when that run began, or the earliest of several, by Twilio's clock (UTC)")


class EndedLeftover(Orphan):
    """What became of it."""

    result: Literal["deleted", "kept", "failed"] = Field(
        description="kept: its account is not active now, or something failed for its tenant in this run; the next run "
        "that finds neither deletes it"
    )
    reason: str | None = Field(default=None, description="why it is not deleted, and what to do next")


@dataclass(frozen=True)
class OrphanSearch:
    """What was found."""

    orphans: tuple[Orphan, ...] = ()
    awaited: tuple[Orphan, ...] = ()
    """What the run should take over by its name; it is left over if the run makes another one."""
    unseen: frozenset[str] = frozenset()
    """Tenants in which something may be left and that could not be looked into."""

    def awaiting(self, names: Collection[str]) -> "OrphanSearch":
        """Return it for a run that makes these resources: what has their names is awaited."""
        awaited = [orphan for orphan in self.orphans if _resource_of(orphan) in names]
        orphans = tuple(orphan for orphan in self.orphans if orphan not in awaited)
        return OrphanSearch(orphans, sort_for_deletion((*self.awaited, *awaited)), self.unseen)


def find_orphans(
    loaded: Loaded,
    state: Sequence[StateResource],
    held: Collection[str],
    marks: Marks,
    session: Session,
    today: date,
    *,
    slugs: Collection[str] | None = None,
) -> OrphanSearch:
    """Return the orphans in the tenants, or in those named, that are marked.

    `held` are the ids of all resources of the state, a project's own too. Raises `TwilioError` where nobody can look.
    """
    tenants = find_tenants(loaded, state, session, today, slugs)
    due = [tenant for tenant in tenants.chosen if tenant.standing in LIVING and is_marked(marks, tenant.slug)]
    found = look_into_accounts(session, tenants, [tenant for tenant in due if tenants.has_active(tenant)])
    unseen = frozenset(tenant.slug for tenant in due if _is_unseen(tenant, tenants, found.get(tenant.slug)))
    seen = [(tenant, found[tenant.slug]) for tenant in due if tenant.slug in found]
    orphans = (
        orphan
        for tenant, objects in seen
        for orphan in _find_orphans_among(tenant, objects, find_strangers(tenant, objects), marks, held)
    )
    awaited = (
        orphan
        for tenant, objects in seen
        for orphan in _find_orphans_among(tenant, objects, find_by_name(tenant, objects), marks, held)
    )
    return OrphanSearch(sort_for_deletion(orphans), sort_for_deletion(awaited), unseen)


def sort_for_deletion(orphans: Iterable[Orphan]) -> tuple[Orphan, ...]:
    """Return orphans in an order in which they can be deleted: a sink after its subscription."""
    return tuple(sorted(orphans, key=lambda orphan: (orphan.tenant, _LAST_FIRST.index(orphan.kind), orphan.sid)))


def _find_orphans_among(
    tenant: Expected, found: Found, candidates: Iterable[Stranger], marks: Marks, held: Collection[str]
) -> Iterator[Orphan]:
    for stranger in candidates:
        created = stranger.live.created
        run = run_of(marks, tenant.slug, created, ALLOWANCE) if created else None
        if run and _is_ours(stranger) and stranger.live.sid not in held:
            yield Orphan(
                tenant=tenant.slug,
                kind=stranger.kind,
                name=twilio_name(stranger.live),
                account_sid=found.account.sid,
                sid=stranger.live.sid,
                run=run,
            )


def _resource_of(orphan: Orphan) -> str:
    """Return the name that the object would have in the stack."""
    return f"{orphan.tenant}/{orphan.kind}/{KINDS[orphan.kind].key_of(orphan.name)}"


def _is_ours(stranger: Stranger) -> bool:
    """Return whether an object is named as we name things, and not meant by an `ignore`."""
    return stranger.finding.kind != "ignored" and KINDS[stranger.kind].is_own_name(twilio_name(stranger.live))


def _is_unseen(tenant: Expected, tenants: Tenants, found: Found | None) -> bool:
    """Return whether something may be there that nobody could see; a closed account, or none, holds nothing."""
    if found is not None:
        return bool(found.unreadable)
    account = tenants.accounts.own.get(tenant.slug)
    return account.status != "closed" if account else tenant.slug in tenants.accounts.namesakes
