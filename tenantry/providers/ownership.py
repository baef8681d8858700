"""Which entry owns an account or an object. Two owners would undo each other's changes, and delete what is in use.

Ours is what the state holds, what a manifest adopts, and accounts that an unfinished run of ours made. In
doubt an account is not ours, and a person decides. These questions are rare; each costs about a second.
"""

import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import CheckFailure

from tenantry.engine.run.request import Urn, current_urn
from tenantry.engine.state.recovery import is_recovering, skips_checkpoints
from tenantry.model.subaccount import slug_mark
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import Refused

if TYPE_CHECKING:
    from tenantry.engine.state.holdings import Holder
    from tenantry.providers.stack import OwnStack

_began = datetime.now(UTC)
"""When this process began, by the clock that writes the state: older entries belong to an earlier run."""
_recovery = threading.Event()
WHOLE = ""
"""A failure that names no property: Pulumi then prints our sentence alone, without the value of the property."""
HELD = "{} holds it in this stack"
TAKE_OUT = (
    "An object belongs to one entry: take adopt out, or remove that entry in the same change, and the object moves to "
    "this one"
)


def held_failures(olds: dict[str, Any], news: dict[str, Any]) -> list[CheckFailure]:
    """Return the failure of an entry that would begin to adopt what another resource of the state holds."""
    sid = news.get("adopt")
    if not isinstance(sid, str) or sid == olds.get("adopt"):
        return []
    try:
        holder = other_holder(sid)
        return [CheckFailure("adopt", _describe_holder(sid, holder)), *held_elsewhere()] if holder else []
    except Refused as unknown:
        return [CheckFailure("adopt", str(unknown))]


def held_elsewhere() -> list[CheckFailure]:
    """Return the same failure of all other entries: the first one stops the engine, and it asks about none of them.

    Raises Refused where the state can't be read.
    """
    urn = current_urn()
    stack = _stack(urn)
    found = ((name, sid, _kept_by(stack, stack.holdings.others(sid, name))) for name, sid in stack.adopting.items())
    return [
        CheckFailure(WHOLE, f"{name}: {_describe_holder(sid, holder)}")
        for name, sid, holder in found
        if holder and name != urn.name
    ]


def _describe_holder(sid: str, holder: str) -> str:
    return f"{sid} can't be adopted: {HELD.format(holder)}; nothing was changed. {TAKE_OUT}"


def other_holder(sid: str) -> str | None:
    """Return the name of the resource that holds an object and is to keep it, besides the one that asks.

    A resource that no manifest names any more is about to leave: its object may be adopted, and so an entry gets a
    new name. Raises Refused where the state can't be read.
    """
    urn = current_urn()
    return _kept_by(_stack(urn), _stack(urn).holdings.others(sid, urn.name))


def is_of_another_entry(sid: str) -> bool:
    """Return whether another entry holds an object, or adopts it: ours may have the name that such a one keeps.

    Raises Refused where the state can't be read.
    """
    urn = current_urn()
    return _stack(urn).adopters.get(sid, urn.name) != urn.name or other_holder(sid) is not None


def own_sids(sids: Iterable[str]) -> frozenset[str]:
    """Return those of some objects that the state holds under the name of the resource that asks; raises Refused."""
    urn = current_urn()
    holders = _stack(urn).holdings.holders
    return frozenset(sid for sid in sids if any(holder.name == urn.name for holder in holders.get(sid, ())))


def survivor(sid: str) -> str | None:
    """Return the name of the resource that still holds an object after the calling one is deleted; raises Refused."""
    urn = current_urn()
    return _kept_by(_stack(urn), _stack(urn).holdings.survivors(sid, urn.name))


def tenants_of_stack() -> tuple[str, ...]:
    """Return the tenants of the manifests that are not released; none where the manifests can't be read."""
    return tuple(_stack(current_urn()).tenants or ())


def names_no_state() -> bool:
    """Return whether the manifest of the tenant that a call is about leaves its state out: it is left to others."""
    urn = current_urn()
    tenant = (_stack(urn).tenants or {}).get(urn.slug)
    return tenant is not None and tenant.state is None


def is_of_unfinished_run(account: LiveAccount, slug: str) -> bool:
    """Return whether a run of ours that did not end well may have made an account for a tenant; raises Refused.

    `tenantry up` marks the stack. Plain Pulumi leaves a create pending in the state; this run has its own create too.
    """
    from tenantry.engine.state.unfinished import ALLOWANCE, run_of

    stack = _stack(current_urn())
    if account.created is None:
        return False
    if run_of(stack.marks, slug, account.created, ALLOWANCE):
        return True
    own = 0 if stack.was_handed or skips_checkpoints(os.environ) else 1
    return stack.holdings.may_have_made(slug, account.created, own)


def was_begun(account: LiveAccount, slug: str) -> bool:
    """Return whether a run of ours began a tenant, may have made this account, and never got it; raises Refused."""
    if account.created is None:
        return False
    return _stack(current_urn()).holdings.was_begun(slug, account.created, _began)


def begin_recovery() -> None:
    """Remember that this run recovers a lost state: a person says so, and the fleet found no state."""
    _recovery.set()


def recovers() -> bool:
    """Return whether this run recovers a lost state, or goes on with a recovery that did not end; raises Refused."""
    return is_recovering(os.environ) and (_recovery.is_set() or _stack(current_urn()).holdings.is_recovering)


def holds_accounts() -> bool:
    """Return whether the state holds an account of any tenant; raises Refused."""
    return bool(_stack(current_urn()).holdings.accounts)


def may_be_lost(slug: str) -> bool:
    """Return whether something of a tenant would be lost with its manifest, as far as the state tells; raises Refused.

    Of a tenant that every run refused the state has nothing.
    """
    stack = _stack(current_urn())
    return not stack.is_known or stack.holdings.has_any_of(slug)


def is_unrecorded(account: LiveAccount, slug: str) -> bool:
    """Return whether an account is one that a run of ours may have made for a tenant, and the state lacks."""
    is_named = account.status != "closed" and account.friendly_name.endswith(slug_mark(slug))
    return is_named and (is_of_unfinished_run(account, slug) or was_begun(account, slug))


def _kept_by(stack: "OwnStack", holders: Iterable["Holder"]) -> str | None:
    for holder in holders:
        if not holder.is_ours or stack.wanted is None or holder.name in stack.wanted:
            return holder.name
    return None


def _stack(urn: Urn) -> "OwnStack":
    from tenantry.providers.stack import own_stack

    return own_stack(urn.stack)
