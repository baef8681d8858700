"""Suspending a tenant for a reason, and lifting one: first the ledger, then the account at Twilio.

suspend_tenant(desk, asked) -> SuspensionOutcome
resume_tenant(desk, slug, reason) -> SuspensionOutcome
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Literal

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.suspensions import (
    NewSuspension,
    Suspension,
    add_suspension,
    lift_suspension,
    open_suspensions,
    suspensions_of,
)
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import Loaded
from tenantry.manifest.yaml.tree import node_at
from tenantry.model.tenant import Tenant
from tenantry.operations.suspensions.account import bring_account, is_kept_suspended
from tenantry.operations.suspensions.notices import make_resumed_notices, make_suspended_notices
from tenantry.operations.suspensions.values import HeldReason, ReasonByHand, SuspensionOutcome
from tenantry.operations.usage.accounts import find_account
from tenantry.text.spelling import closest
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class Desk:
    """What suspensions are checked against and written to."""

    ledger: Ledger
    stack: StackRef
    loaded: Loaded
    state: tuple[StateResource, ...] | None
    session: Session
    by: str


@dataclass(frozen=True)
class Asked:
    """A reason as a person gives it."""

    slug: str
    reason: ReasonByHand
    ref: str
    until: date | None = None


def suspend_tenant(desk: Desk, asked: Asked) -> SuspensionOutcome:
    """Record a reason and suspend the account; raises RefusedError, LedgerError, TwilioError where nothing was written.

    Where Twilio fails after that, the reason stands, and the outcome says what failed.
    """
    tenant = _find_tenant(desk, asked.slug)
    _refuse_contradiction(desk, tenant)
    if asked.until is not None and asked.until <= desk.ledger.now().date():
        raise RefusedError(f"--until {asked.until} is over already. Nothing was written. Name a later day.")
    sid = _find_account_sid(desk, asked.slug)
    _refuse_gone(desk.session, asked.slug, sid)
    until = datetime.combine(asked.until, time(), UTC) if asked.until else None
    new = NewSuspension(desk.stack, asked.slug, sid, asked.reason, asked.ref, desk.by, until=until)
    recorded = add_suspension(desk.ledger, new, partial(make_suspended_notices, tenant))
    return _make_outcome(desk, "suspend", tenant, sid, asked.reason, is_new=recorded.is_new)


def resume_tenant(desk: Desk, slug: str, reason: ReasonByHand) -> SuspensionOutcome:
    """Lift a reason, and make the account active if none is left; raises what suspend_tenant raises.

    One that was lifted before is no error: the account may still have to follow.
    """
    tenant, parent = _find_tenant(desk, slug), desk.stack.parent
    if tenant.state == "released":
        raise RefusedError(f"{slug} was released: its account is no longer this stack's. Nothing was written.")
    sid = _find_account_sid(desk, slug)
    lifted = lift_suspension(
        desk.ledger, parent, slug, reason, by=desk.by, make_notices=partial(make_resumed_notices, tenant)
    )
    if lifted is None and reason not in {row.reason for row in suspensions_of(desk.ledger, parent, slug)}:
        raise RefusedError(
            f"{slug} was never suspended for {reason}, by the ledger. Nothing was written.{_hint_reasons(desk, slug)}"
        )
    return _make_outcome(desk, "resume", tenant, sid, reason, is_new=lifted is not None)


def _find_tenant(desk: Desk, slug: str) -> Tenant:
    tenant = desk.loaded.tenants.get(slug)
    if tenant is None:
        close = closest(slug, desk.loaded.tenants)
        hint = f" Did you mean '{close}'?" if close else ""
        raise RefusedError(f"There is no tenant '{slug}'.{hint} Nothing was written.")
    if tenant.is_observed:
        raise RefusedError(f"{slug} is only observed (manage: observe): nobody changes it here. Nothing was written.")
    return tenant


def _refuse_contradiction(desk: Desk, tenant: Tenant) -> None:
    """Refuse a tenant that git wants active, which the next `up` would make active again, or that is on its way out."""
    if tenant.state in (None, "suspended"):
        return
    written = node_at(desk.loaded.origins[tenant.tenant], ("state",))
    place = f"{written.place}: " if written else ""
    if tenant.state == "active":
        raise RefusedError(
            f"{place}{tenant.tenant} says `state: active`, so the next `up` would make it active again. Nothing was "
            "written. Take `state` out of the manifest, merge that, and run this again."
        )
    raise RefusedError(f"{place}{tenant.tenant} says `state: {tenant.state}`. Nothing was written.")


def _find_account_sid(desk: Desk, slug: str) -> str:
    account = find_account(desk.loaded, desk.state, desk.session, slug)
    if account.sid is None:
        raise RefusedError(f"{slug}: {account.reason}. Nothing was written.")
    return account.sid


def _refuse_gone(session: Session, slug: str, sid: str) -> None:
    """Refuse an account that is closed or unknown; where Twilio does not answer, the reason is still recorded."""
    try:
        status = session.subaccounts.fetch(sid).status
    except NotFound as error:
        raise RefusedError(f"{slug}: {error} Nothing was written.") from error
    except TwilioError:
        return
    if status == "closed":
        raise RefusedError(f"{slug}: its account {sid} is closed in Twilio. Nothing was written.")


def _hint_reasons(desk: Desk, slug: str) -> str:
    held = [row.reason for row in open_suspensions(desk.ledger, desk.stack.parent, slug)]
    return f" It is suspended for {', '.join(held)}." if held else ""


def _make_outcome(
    desk: Desk, action: Literal["suspend", "resume"], tenant: Tenant, sid: str, reason: ReasonByHand, *, is_new: bool
) -> SuspensionOutcome:
    """Bring the account to what the ledger and the manifest say, and return how all stands."""

    def list_held() -> tuple[Suspension, ...]:
        return open_suspensions(desk.ledger, desk.stack.parent, tenant.tenant)

    brought = bring_account(desk.session, sid, lambda: is_kept_suspended(tenant) or bool(list_held()))
    return SuspensionOutcome(
        action=action,
        tenant=tenant.tenant,
        account_sid=sid,
        reason=reason,
        is_new=is_new,
        reasons=tuple(map(_read_reason, list_held())),
        manifest_state=tenant.state,
        status=brought.status,
        is_changed=brought.is_changed,
        problem=brought.problem,
    )


def _read_reason(row: Suspension) -> HeldReason:
    until = row.until.date() if row.until else None
    return HeldReason(reason=row.reason, since=row.since, until=until, ref=row.ref, by=row.by)
