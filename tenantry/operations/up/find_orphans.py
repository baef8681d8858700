"""Finding leftovers: objects that are ours by their mark, made during a run that did not end well.

Ours are keys named `{key}#{generation}`, sinks and subscriptions named `tenantry:debugger`, and triggers whose name
could be an entry's. Only those that Twilio made during such a run are taken for leftovers, and of these only what
neither a manifest nor the state knows. All else is left to the drift report.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenantry.engine.state.deployment import StateResource
from tenantry.engine.state.unfinished import ALLOWANCE, Marks, is_marked, run_of
from tenantry.manifest.load import Loaded
from tenantry.model.kinds import KINDS, OBJECTS
from tenantry.operations.drift.expected import Expected
from tenantry.operations.drift.found import Found, called
from tenantry.operations.drift.looking import Tenants, find_tenants, look_at
from tenantry.operations.drift.unmanaged import Stranger, found_by_name, strangers
from tenantry.operations.up.orphan import Leftover
from tenantry.twilio.session import Session

LIVING: Final = ("open", "suspended", "due")
"""Standings of tenants that may come back: `due` rests until somebody closes it or changes his mind."""

_LAST_FIRST = tuple(reversed(OBJECTS))


@dataclass(frozen=True)
class Looked:
    """What a look found."""

    leftovers: tuple[Leftover, ...] = ()
    awaited: tuple[Leftover, ...] = ()
    """What the run should take over by its name; it is left over if the run makes another one."""
    unseen: frozenset[str] = frozenset()
    """Tenants in which something may be left and that could not be looked into."""

    def awaiting(self, names: Collection[str]) -> "Looked":
        """Return it for a run that makes these resources: what has their names is awaited."""
        awaited = [left for left in self.leftovers if _resource(left) in names]
        left = tuple(left for left in self.leftovers if left not in awaited)
        return Looked(left, in_order((*self.awaited, *awaited)), self.unseen)


def find_leftovers(
    loaded: Loaded,
    state: Sequence[StateResource],
    held: Collection[str],
    marks: Marks,
    session: Session,
    today: date,
    *,
    slugs: Collection[str] | None = None,
) -> Looked:
    """Return what is left over in the tenants, or those named, that are marked.

    `held` are the ids of all resources of the state, a project's own too. Raises `TwilioError` where nobody can look.
    """
    tenants = find_tenants(loaded, state, session, today, slugs)
    due = [one for one in tenants.chosen if one.standing in LIVING and is_marked(marks, one.slug)]
    looked = look_at(session, tenants, [one for one in due if tenants.has_active(one)])
    unseen = frozenset(one.slug for one in due if _is_unseen(one, tenants, looked.get(one.slug)))
    seen = [(one, looked[one.slug]) for one in due if one.slug in looked]
    left = (each for one, found in seen for each in _leftovers(one, found, strangers(one, found), marks, held))
    awaited = (each for one, found in seen for each in _leftovers(one, found, found_by_name(one, found), marks, held))
    return Looked(in_order(left), in_order(awaited), unseen)


def in_order(leftovers: Iterable[Leftover]) -> tuple[Leftover, ...]:
    """Return leftovers in an order in which they can be deleted: a sink after its subscription."""
    return tuple(sorted(leftovers, key=lambda left: (left.tenant, _LAST_FIRST.index(left.kind), left.sid)))


def _leftovers(
    one: Expected, found: Found, candidates: Iterable[Stranger], marks: Marks, held: Collection[str]
) -> Iterator[Leftover]:
    for stranger in candidates:
        made = stranger.live.created
        run = run_of(marks, one.slug, made, ALLOWANCE) if made else None
        if run and _is_ours(stranger) and stranger.live.sid not in held:
            yield Leftover(
                tenant=one.slug,
                kind=stranger.kind,
                name=called(stranger.live),
                account_sid=found.account.sid,
                sid=stranger.live.sid,
                run=run,
            )


def _resource(left: Leftover) -> str:
    """Return the name that the object would have in the stack."""
    return f"{left.tenant}/{left.kind}/{KINDS[left.kind].key_of(left.name)}"


def _is_ours(stranger: Stranger) -> bool:
    """Return whether an object is named as we name things, and not meant by an `ignore`."""
    return stranger.finding.kind != "ignored" and KINDS[stranger.kind].is_own_name(called(stranger.live))


def _is_unseen(one: Expected, tenants: Tenants, found: Found | None) -> bool:
    """Return whether something may be left that nobody could see; a closed account, or none, holds nothing."""
    if found is not None:
        return bool(found.unreadable)
    account = tenants.accounts.own.get(one.slug)
    return account.status != "closed" if account else one.slug in tenants.accounts.others
