"""The sweep: what triggers that suspend have counted, read from Twilio, so that a lost callback changes nothing.

It asks once for the accounts of the fleet (a call for each 1,000) and once for the triggers of each tenant that has a
cap which suspends. What it finds has the same identity as the callback, so whoever comes second finds it done.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenantry.ledger.account_tasks import ask_account
from tenantry.ledger.cap_events import SHADOW, NewCapEvent, has_event, keep_events
from tenantry.ledger.cap_overrides import CapOverride, CapReading, keep_cap_readings, newest_override
from tenantry.ledger.connection import Ledger
from tenantry.ledger.standing import each_document
from tenantry.ledger.suspensions import open_suspensions
from tenantry.model.cap import BASE_PERCENT
from tenantry.model.cap_period import event_identity, period_at
from tenantry.model.subaccount import ACTIVE
from tenantry.model.tenant_standing import CapStanding, TenantStanding
from tenantry.operations.suspensions.account import is_kept_suspended
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session
from tenantry.twilio.usage_trigger import TriggerReading

AT_ONCE = 32
READINGS_AT_ONCE = 100
"""Readings that are written in one transaction: of 25,000 tenants one each would take longer than Twilio does."""
SETTLING = timedelta(minutes=10)
"""So long after a period begins Twilio may still show what the last one counted: only a firing counts then."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found."""

    tenants: int
    """Those whose triggers were read."""
    found: int
    """Triggers that fired, or are over a limit, and that nobody had noticed."""
    woken: int
    """Accounts that are active although the ledger says otherwise."""
    calls: int
    """What it has cost at Twilio's API."""
    failed: tuple[tuple[str, str], ...] = ()
    """The tenants that could not be read, and why."""


@dataclass(frozen=True)
class _Read:
    tenant: TenantStanding
    readings: tuple[TriggerReading, ...] = ()
    problem: str | None = None


def sweep_caps(
    ledger: Ledger,
    session: Session,
    parent: str,
    on_tenant: Callable[[int], None] = lambda _: None,
    *,
    shadow: bool = False,
) -> Swept:
    """Read the triggers of all tenants with a cap that suspends, and keep what fired.

    Raises LedgerError, TwilioError. With `shadow` it is kept for a receiver that only looks.
    """
    statuses = {account.sid: account.status for account in session.subaccounts.all()}
    held = {row.tenant for row in open_suspensions(ledger, parent)}
    standings = map(TenantStanding.model_validate_json, each_document(ledger, parent))
    tenants = [tenant for tenant in standings if tenant.suspending or tenant.tenant in held]
    woken = (
        0 if shadow else _ask_woken(ledger, parent, [tenant for tenant in tenants if tenant.tenant in held], statuses)
    )
    wanted = [tenant for tenant in tenants if tenant.suspending and statuses.get(tenant.account_sid) != "closed"]
    failed, readings, found = list[tuple[str, str]](), list[CapReading](), 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sweep") as pool:
        for number, read in enumerate(pool.map(lambda tenant: _read(session, tenant), wanted), start=1):
            on_tenant(number)
            if read.problem is not None:
                failed.append((read.tenant.tenant, read.problem))
                continue
            if events := list(_find_events(ledger, parent, read, SHADOW if shadow else "")):
                found += keep_events(ledger, events)
            readings += _cap_readings(read, ledger.now())
            if len(readings) >= READINGS_AT_ONCE:
                keep_cap_readings(ledger, parent, readings)
                readings.clear()
    keep_cap_readings(ledger, parent, readings)
    return Swept(len(wanted), found, woken, session.traffic.requests, tuple(failed))


def _read(session: Session, tenant: TenantStanding) -> _Read:
    try:
        return _Read(tenant, session.usage_triggers.readings(tenant.account_sid))
    except TwilioError as error:
        return _Read(tenant, problem=str(error))


def _ask_woken(ledger: Ledger, parent: str, tenants: list[TenantStanding], statuses: dict[str, str]) -> int:
    """Let accounts of suspended tenants follow again that somebody made active, and return how many they are."""
    woken = [
        tenant for tenant in tenants if not is_kept_suspended(tenant) and statuses.get(tenant.account_sid) == ACTIVE
    ]
    for tenant in woken:
        with ledger.writing():
            ask_account(ledger, parent, tenant.tenant, tenant.account_sid)
    return len(woken)


def _find_events(ledger: Ledger, parent: str, read: _Read, prefix: str) -> Iterator[NewCapEvent]:
    """Yield each trigger of a tenant that fired in its period, or is over a limit that a person set."""
    now = ledger.now()
    for cap, percent, reading in _of_caps(read):
        override = None
        if percent == cap.suspend_at:
            override = newest_override(ledger, parent, read.tenant.tenant, cap.name)
        suffix = _suffix(cap, override, now)
        identity = f"{prefix}{event_identity(reading.sid, cap.recurring, now, suffix)}"
        if _has_fired(cap, reading, override, now) and not has_event(ledger, identity):
            yield NewCapEvent(
                identity=identity,
                parent=parent,
                account_sid=read.tenant.account_sid,
                trigger_sid=reading.sid,
                category=reading.category,
                trigger_by=reading.trigger_by,
                trigger_value=reading.trigger_value,
                recurring=reading.recurring,
                current_value=reading.current_value,
                fired_at=now,
                source="sweep",
            )


def _has_fired(cap: CapStanding, reading: TriggerReading, override: CapOverride | None, now: datetime) -> bool:
    """Return whether a trigger did in this period what its cap waits for."""
    first = period_at(cap.recurring, now).first
    is_settled = first is None or now - first >= SETTLING
    if override is not None and override.until > now:
        return is_settled and reading.current_value >= override.limit
    has_fired = reading.fired is not None and (first is None or reading.fired >= first)
    return has_fired or (is_settled and reading.current_value >= reading.trigger_value)


def _suffix(cap: CapStanding, override: CapOverride | None, now: datetime) -> str:
    """Return what tells an event under an override, or after one of the same period, from the first one."""
    first = period_at(cap.recurring, now).first
    if override is None or (first is not None and override.until <= first):
        return ""
    return f":override-{override.id}" if override.until > now else f":after-{override.id}"


def _of_caps(read: _Read) -> Iterator[tuple[CapStanding, int, TriggerReading]]:
    for reading in read.readings:
        counted = (reading.sid, reading.category, reading.trigger_by, reading.recurring, reading.trigger_value)
        for cap in read.tenant.caps:
            if (percent := cap.percent_of(*counted)) is not None:
                yield cap, percent, reading
                break


def _cap_readings(read: _Read, now: datetime) -> Iterator[CapReading]:
    for cap, percent, reading in _of_caps(read):
        if percent == BASE_PERCENT:
            yield CapReading(read.tenant.tenant, cap.name, reading.current_value, cap.limit, now)
