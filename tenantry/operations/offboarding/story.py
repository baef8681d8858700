"""The story of `tenantry offboard`: read where it stands; delete secrets and records, read again; say what is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import list_lots, sum_used_units
from tenantry.ledger.journal import read_head
from tenantry.ledger.offboarding import DoneStep, done_steps, record_step
from tenantry.ledger.retention_audit import ChainOwner, count_deleted, end_of_chain
from tenantry.ledger.statements import list_closed_months
from tenantry.ledger.values import StackRef
from tenantry.model.subaccount import slug_mark
from tenantry.model.tenant import Tenant
from tenantry.operations.errors import StoppedError
from tenantry.operations.offboarding.records import REASON, RecordsSurvey, delete_everything, survey_everything
from tenantry.operations.offboarding.sink_secrets import delete_secrets, look_into_sinks
from tenantry.operations.offboarding.steps import Seen, steps_of
from tenantry.operations.offboarding.values import Confirmable, OffboardingReport, StepName
from tenantry.operations.retention.broken_audit import describe_broken_audits
from tenantry.operations.retention.facts import FACTS
from tenantry.operations.retention.guards import Limits, refuse_too_many, refuse_wrong_clock
from tenantry.operations.retention.holds import HoldMemory, recorded_holds, remember_holds, remembered_holds
from tenantry.operations.retention.ledger_thread import LedgerThread
from tenantry.operations.retention.page import Job
from tenantry.operations.retention.story import Desk, finish_on_interrupt, open_job
from tenantry.operations.usage.accounts import find_account
from tenantry.twilio.errors import NotFound, TwilioError

BEFORE_RECORDS: tuple[StepName, ...] = ("notice", "export", "suspended", "statement")
"""What must be done before records are deleted: after that nothing can be kept, explained or billed."""


@dataclass(frozen=True)
class Leaving:
    """Which tenant leaves, and who says so."""

    slug: str
    by: str
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class _Ledger:
    """What the ledger has of a tenant that leaves."""

    done: dict[str, DoneStep]
    closed_months: tuple[str, ...]
    lots: int
    broken_audit: str | None


@dataclass(frozen=True)
class _Failures:
    """What failed of a deletion."""

    records: str | None = None
    secrets: tuple[str, ...] = ()


def look_at_leaving(desk: Desk, leaving: Leaving) -> OffboardingReport:
    """Return where it stands, and change nothing; raises StoppedError, LedgerError, TwilioError."""
    tenant, sid, status = _find(desk, leaving.slug)
    return _report(desk, tenant, sid, _see(desk, tenant, sid, status))


def confirm_step(desk: Desk, leaving: Leaving, step: Confirmable, ref: str) -> OffboardingReport:
    """Record that a person did a step that nobody can read; raises what look_at_leaving does."""
    _find(desk, leaving.slug)
    parent = desk.session.parent_sid
    _ledger(desk).ask(partial(_record, parent=parent, tenant=leaving.slug, step=step, ref=ref, by=leaving.by))
    return look_at_leaving(desk, leaving)


def delete_and_read_again(desk: Desk, leaving: Leaving) -> OffboardingReport:
    """Delete its secrets in sinks and its records, and read again; raises StoppedError where a step before is open."""
    tenant, sid, status = _find(desk, leaving.slug)
    refuse_wrong_clock(desk.session.clock_ahead())
    ledger, parent = _ledger(desk), desk.session.parent_sid
    ledger.ask(lambda opened: remember_holds(opened, parent, [tenant], _today(desk)))
    seen = _see(desk, tenant, sid, status)
    _refuse(desk, tenant, seen, leaving.limits)
    with open_job(desk, ledger, leaving.limits) as job:
        failures = finish_on_interrupt(job, partial(_delete, desk, job, seen, sid))
    seen = _see(desk, tenant, sid, status, failures)
    if not seen.record_count and seen.failure is None:
        step = partial(_record, parent=parent, tenant=tenant.tenant, step="read_again", ref="0 records", by=leaving.by)
        ledger.ask(step)
        seen = _see(desk, tenant, sid, status, failures)
    return _report(desk, tenant, sid, seen)


def _delete(desk: Desk, job: Job, seen: Seen, sid: str) -> _Failures:
    """Delete the secrets in sinks, then the records, and return what failed."""
    slug = seen.tenant.tenant
    undeleted = delete_secrets(job, ChainOwner(desk.session.parent_sid, slug), sid, seen.secrets)
    return _Failures(None if seen.is_closed else delete_everything(job, slug, sid, _today(desk)), undeleted)


def _find(desk: Desk, slug: str) -> tuple[Tenant, str, str | None]:
    tenant = desk.loaded.tenants.get(slug)
    if tenant is None:
        raise StoppedError(f"There is no tenant '{slug}'. Nothing was done.")
    if tenant.state == "released":
        raise StoppedError(f"{slug} was released: its account is no longer this stack's. Nothing was done.")
    if tenant.is_observed:
        raise StoppedError(
            f"{slug}: its manifest says `manage: observe`, so nothing is changed in its account. Nothing was done. To "
            "let it leave, take it over with `tenantry up` first."
        )
    account = find_account(desk.loaded, desk.state, desk.session, slug)
    sid = account.sid or _find_closed(desk, slug)
    if sid is None:
        raise StoppedError(f"{slug}: {account.reason}. Nothing was done.")
    try:
        return tenant, sid, desk.session.subaccounts.fetch(sid).status
    except NotFound:
        return tenant, sid, None


def _find_closed(desk: Desk, slug: str) -> str | None:
    """Return the newest closed account with a tenant's name, where no state says which one is its own."""
    if desk.state is not None:
        return None
    mark, listed = slug_mark(slug), desk.session.subaccounts.all()
    closed = [account for account in listed if account.status == "closed" and account.friendly_name.endswith(mark)]
    dated = [(account.created, account.sid) for account in closed if account.created is not None]
    return max(dated)[1] if dated else None


def _see(desk: Desk, tenant: Tenant, sid: str, status: str | None, failures: _Failures | None = None) -> Seen:
    """Read all that the steps depend on; a closed account has nothing to be read."""
    failed = failures or _Failures()
    failure = failed.records
    ledger = _ledger(desk).ask(partial(_read_ledger, desk, tenant))
    is_open = status not in ("closed", None)
    survey = survey_everything(desk.session.aging_records, sid, _today(desk)) if is_open else RecordsSurvey({})
    numbers: tuple[str, ...] = ()
    try:
        numbers = desk.session.phone_numbers.list_sids(sid) if is_open else ()
    except TwilioError as error:
        failure = failure or str(error)
    return Seen(
        tenant=tenant,
        today=_today(desk),
        status=status,
        done=ledger.done,
        numbers=numbers,
        closed_months=ledger.closed_months,
        lots=ledger.lots,
        undeleted=failed.secrets,
        secrets=look_into_sinks(desk.loaded.stack, tenant, sid, desk.session.twilio_now),
        broken_audit=ledger.broken_audit,
        records=survey.counts,
        failure=failure or survey.failure,
    )


def _read_ledger(desk: Desk, tenant: Tenant, ledger: Ledger) -> _Ledger:
    parent, slug = desk.session.parent_sid, tenant.tenant
    stack = StackRef(parent, desk.loaded.stack.name or "")
    used = sum_used_units(ledger, stack)
    lots = [lot for lot in list_lots(ledger, stack, slug) if used.get(lot.id, 0) < lot.purchase.units]
    months, broken = list_closed_months(ledger, stack, slug), describe_broken_audits(ledger, parent, {slug})
    return _Ledger(dict(done_steps(ledger, parent, slug)), months, len(lots), broken.get(slug))


def _refuse(desk: Desk, tenant: Tenant, seen: Seen, limits: Limits) -> None:
    """Raise StoppedError where nothing may be deleted."""
    if (hold := _hold(desk, tenant)) is not None:
        raise StoppedError(f"{tenant.tenant}: {hold}. Nothing was deleted.")
    if seen.broken_audit is not None:
        raise StoppedError(f"{tenant.tenant}: {seen.broken_audit}")
    missing = [step for step in steps_of(seen) if step.name in BEFORE_RECORDS and step.state != "done"]
    if missing:
        reasons = "\n".join(f"{step.name}: {step.detail}; {step.next}." for step in missing)
        raise StoppedError(f"{tenant.tenant}: records are deleted after these steps. Nothing was deleted.\n{reasons}")
    if (stopped := refuse_too_many(seen.record_count, limits)) is not None:
        raise StoppedError(stopped)


def _report(desk: Desk, tenant: Tenant, sid: str, seen: Seen) -> OffboardingReport:
    owner = ChainOwner(desk.session.parent_sid, tenant.tenant)
    end = _ledger(desk).ask(lambda ledger: end_of_chain(ledger, owner))
    deleted = _ledger(desk).ask(lambda ledger: count_deleted(ledger, owner, REASON))
    return OffboardingReport(
        stack=desk.loaded.stack.name,
        parent=desk.session.parent_sid,
        tenant=tenant.tenant,
        account_sid=sid,
        today=_today(desk),
        hold=_hold(desk, tenant),
        steps=tuple(steps_of(seen)),
        records=dict(seen.records),
        deleted=deleted,
        audit=str(end) if end.lines else None,
        ledger_head=str(_ledger(desk).ask(read_head)),
        facts=FACTS,
    )


def _hold(desk: Desk, tenant: Tenant) -> str | None:
    parent = desk.session.parent_sid
    remembered = _ledger(desk).ask(lambda ledger: remembered_holds(ledger, parent))
    return HoldMemory(_today(desk), recorded_holds(desk.state), remembered).find(tenant.tenant, tenant)


def _record(ledger: Ledger, *, parent: str, tenant: str, step: StepName, ref: str, by: str) -> None:
    record_step(ledger, parent, tenant, step, ref=ref, by=by)


def _today(desk: Desk) -> date:
    return desk.session.twilio_now().date()


def _ledger(desk: Desk) -> LedgerThread:
    if desk.ledger is None:
        raise ValueError("what a customer's leaving takes is in the ledger")
    return desk.ledger
