"""What people do about caps: approve a suspension that waits, or set another limit until a day.

approve_cap(ledger, parent, slug, cap, by) -> CapAct
override_cap(ledger, parent, slug, cap, Raised) -> CapAct
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tenantry.ledger.cap_events import CapEvent, find_events, settle_event
from tenantry.ledger.cap_overrides import insert_override
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.journal import record_fact
from tenantry.ledger.standing import StandingRow, read_standing
from tenantry.model.spec import decimal_text
from tenantry.model.tenant_standing import CapStanding, TenantStanding, parse_standing
from tenantry.operations.caps.decide import Case, find_case, hold
from tenantry.operations.caps.periods import end_holds
from tenantry.text.spelling import closest

UNDONE = "Nothing was written."


@dataclass(frozen=True)
class Raised:
    """A limit that holds in place of the manifest's."""

    limit: Decimal
    until: date
    """Its last day, UTC."""
    by: str


@dataclass(frozen=True)
class CapAct:
    """What a person did about a cap."""

    tenant: str
    account_sid: str
    cap: str
    sentence: str


def approve_cap(ledger: Ledger, parent: str, slug: str, name: str, by: str) -> CapAct:
    """Suspend a tenant whose cap waits for an approval; raises RefusedError, LedgerError."""
    _, tenant, cap = find_cap(ledger, parent, slug, name)
    with ledger.writing_facts():
        waiting = [event for event in find_events(ledger, parent, "awaiting", slug) if event.cap == name]
        if not waiting:
            raise RefusedError(
                f"{slug}: nothing waits for an approval of '{name}'. {UNDONE} `tenantry caps` lists what does."
            )
        for event in waiting:
            _approve(ledger, event, by)
        record_fact(ledger, "cap.approved", f"{parent}/{slug}/{name}", by)
    return CapAct(slug, tenant.account_sid, name, f"{slug}: approved; {cap.name} suspends it until its next period.")


def override_cap(ledger: Ledger, parent: str, slug: str, name: str, raised: Raised) -> CapAct:
    """Set another limit until a day, and end what holds below it; raises RefusedError, LedgerError."""
    row, tenant, cap = find_cap(ledger, parent, slug, name)
    if cap.suspend_at is None:
        raise RefusedError(f"{slug}: '{name}' suspends nothing, so there is no limit to override. {UNDONE}")
    until = datetime.combine(raised.until, time(), UTC) + timedelta(days=1)
    if until <= ledger.now():
        raise RefusedError(f"--until {raised.until} is over already. {UNDONE} Name a later day.")
    with ledger.writing_facts():
        override = insert_override(ledger, row.stack, slug, name, raised.limit, until, raised.by)
        below = [
            event
            for status in (find_events(ledger, parent, "holding", slug), find_events(ledger, parent, "awaiting", slug))
            for event in status
            if event.cap == name and event.current_value < raised.limit
        ]
        why = f"overridden to {decimal_text(raised.limit)} by {raised.by}"
        end_holds(ledger, parent, slug, below, why, raised.by)
    sentence = f"{slug}: {name} suspends it from {decimal_text(override.limit)} on until {raised.until}."
    return CapAct(slug, tenant.account_sid, name, sentence)


def find_cap(ledger: Ledger, parent: str, slug: str, name: str) -> tuple[StandingRow, TenantStanding, CapStanding]:
    """Return a tenant's cap, as the last `up` or `sync` wrote it; raises RefusedError with a suggestion."""
    rows = {row.tenant: row for row in read_standing(ledger, parent)}
    if slug not in rows:
        hint = _hint(slug, list(rows)) or " Run `tenantry sync`, which writes all tenants."
        raise RefusedError(f"The ledger knows no tenant '{slug}'.{hint} {UNDONE}")
    tenant = parse_standing(rows[slug].document)
    cap = tenant.find_cap(name)
    if cap is None:
        names = [cap.name for cap in tenant.caps]
        listed = f" It has {', '.join(names)}." if names else " It has no usage trigger below `webhooks`."
        raise RefusedError(f"{slug} has no cap '{name}'.{_hint(name, names) or listed} {UNDONE}")
    return rows[slug], tenant, cap


def _approve(ledger: Ledger, event: CapEvent, by: str) -> None:
    case = find_case(ledger, event)
    settle_event(ledger, event, hold(ledger, case, by) if isinstance(case, Case) else case)


def _hint(written: str, known: list[str]) -> str:
    close = closest(written, known)
    return f" Did you mean '{close}'?" if close else ""
