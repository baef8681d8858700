"""Deciding about triggers that fired: each once, in one transaction with all that follows from it.

decide_waiting(ledger, parent, shadow=…) -> how many were decided
"""

from dataclasses import dataclass
from decimal import Decimal

from tenantry.ledger.account_tasks import ask_account
from tenantry.ledger.cap_events import CapEvent, Decision, EventStatus, settle_event, waiting_events
from tenantry.ledger.cap_overrides import newest_override
from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.notices import insert_notices
from tenantry.ledger.standing import find_standing
from tenantry.ledger.suspensions import NewSuspension, insert_suspension
from tenantry.ledger.values import StackRef
from tenantry.model.cap import BASE_PERCENT
from tenantry.model.cap_period import CapPeriod, period_at
from tenantry.model.notices import NoticeType
from tenantry.model.spec import decimal_text
from tenantry.model.suspension import CAP
from tenantry.model.tenant_standing import CapStanding, TenantStanding, parse_standing
from tenantry.operations.caps.messages import cap_notice, suspension_notices

BATCH = 50
PROGRAM = "tenantry"
"""Who suspends and resumes where nobody else does."""


@dataclass(frozen=True)
class Case:
    """An event with what is known of its tenant."""

    stack: StackRef
    tenant: TenantStanding
    cap: CapStanding
    percent: int
    event: CapEvent
    period: CapPeriod

    def decide(self, status: EventStatus, outcome: str) -> Decision:
        """Return a decision about it."""
        return Decision(status, outcome, self.tenant.tenant, self.cap.name, self.period.until)


def decide_waiting(ledger: Ledger, parent: str, *, shadow: bool = False, limit: int = BATCH) -> int:
    """Decide about what fired, the oldest first, and return how many were decided; raises LedgerError."""
    with ledger.writing_facts():  # one at a time in the whole ledger: what waits here, nobody else decides
        events = waiting_events(ledger, parent, limit, shadow=shadow)
        for event in events:
            decide_event(ledger, event, shadow=shadow)
    return len(events)


def decide_event(ledger: Ledger, event: CapEvent, *, shadow: bool = False) -> None:
    """Decide about one event, in the transaction that is open; with `shadow` nothing but that is written."""
    case = find_case(ledger, event)
    decision = case if isinstance(case, Decision) else _decide(ledger, case, shadow=shadow)
    settle_event(ledger, event, decision)


def find_case(ledger: Ledger, event: CapEvent) -> Case | Decision:
    """Return what an event is about, or why it is about nothing."""
    row = find_standing(ledger, event.parent, event.account_sid)
    if row is None:
        return Decision("done", "no tenant has this account any more")
    tenant = parse_standing(row.document)
    counted = (event.trigger_sid, event.category, event.trigger_by, event.recurring, event.trigger_value)
    for cap in tenant.caps:
        if (percent := cap.percent_of(*counted)) is not None:
            return Case(row.stack, tenant, cap, percent, event, period_at(cap.recurring, event.fired_at))
    return Decision("done", "no cap of the tenant has this trigger; `tenantry sync` writes new ones", tenant.tenant)


def _decide(ledger: Ledger, case: Case, *, shadow: bool) -> Decision:
    if case.period.is_over(ledger.now()):
        return case.decide("done", "its period was over")
    if shadow:
        verb = "suspend the account" if case.percent == case.cap.suspend_at else "send a notice"
        return case.decide("done", f"shadow: it would {verb}")
    if case.percent != case.cap.suspend_at:
        kind: NoticeType = "cap.reached" if case.percent == BASE_PERCENT else "cap.warned"
        return _notify(ledger, case, kind, "notified")
    if (limit := overriding_limit(ledger, case)) is not None and case.event.current_value < limit:
        return case.decide("done", f"below the limit of {decimal_text(limit)} that a person set")
    if case.tenant.observed or case.tenant.state is not None:
        why = "it is only observed" if case.tenant.observed else f"its manifest says `state: {case.tenant.state}`"
        return _notify(ledger, case, "cap.reached", f"notified only: {why}")
    if case.cap.approval:
        return _notify(ledger, case, "cap.awaiting_approval", "waits for `tenantry caps approve`", status="awaiting")
    return hold(ledger, case, PROGRAM)


def overriding_limit(ledger: Ledger, case: Case) -> Decimal | None:
    """Return the limit that a person set and that holds now; None where there is none."""
    override = newest_override(ledger, case.event.parent, case.tenant.tenant, case.cap.name)
    return override.limit if override is not None and override.until > ledger.now() else None


def hold(ledger: Ledger, case: Case, by: str) -> Decision:
    """Suspend a tenant for a cap, in the transaction that is open; the account follows."""
    tenant, parent = case.tenant, case.event.parent
    ref = f"{case.cap.name} {case.period.name}"
    new = NewSuspension(case.stack, tenant.tenant, tenant.account_sid, CAP, ref, by, until=case.period.until)
    recorded = insert_suspension(ledger, new, suspension_notices(tenant, case.cap, case.event, case.percent))
    if not recorded.is_new:  # another cap suspends it already
        record_fact(ledger, "cap.held", f"{parent}/{tenant.tenant}/{case.cap.name}", case.event.identity, by)
        insert_notices(ledger, [cap_notice("cap.reached", case.stack, tenant, case.cap, case.event, case.percent)])
    ask_account(ledger, parent, tenant.tenant, tenant.account_sid, end_calls=case.cap.end_calls)
    return case.decide("holding", "suspended" if by == PROGRAM else f"suspended, approved by {by}")


def _notify(ledger: Ledger, case: Case, kind: NoticeType, outcome: str, status: EventStatus = "done") -> Decision:
    insert_notices(ledger, [cap_notice(kind, case.stack, case.tenant, case.cap, case.event, case.percent)])
    return case.decide(status, outcome)
