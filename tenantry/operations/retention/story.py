"""The story of `tenantry retain`: count what is due, compare the guards, and then delete it, tenant by tenant.

retain(desk, asked, on_records) -> RetentionReport
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event
from typing import TypeVar
from uuid import uuid4

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.journal import read_head
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import Loaded
from tenantry.operations.retention.broken_audit import describe_broken_audits, leave_out_broken
from tenantry.operations.retention.counting import CountedTarget, Counting, count_target
from tenantry.operations.retention.facts import FACTS
from tenantry.operations.retention.guards import Budget, Limits, refuse_too_many, refuse_wrong_clock
from tenantry.operations.retention.holds import (
    HoldMemory,
    ManifestWatch,
    recorded_holds,
    remember_holds,
    remembered_holds,
)
from tenantry.operations.retention.ledger_thread import LedgerThread
from tenantry.operations.retention.page import Job, ReadDays
from tenantry.operations.retention.report import counted_rules, report_tenant
from tenantry.operations.retention.targets import Shard, Target, Targets, choose_targets
from tenantry.operations.retention.tenant_work import apply_target
from tenantry.operations.retention.values import RetentionReport, TenantReport
from tenantry.operations.usage.accounts import find_accounts
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.session import Session

T = TypeVar("T")
AT_ONCE = 16
"""Tenants that are worked on at once: with all calls in flight, the page of each is done before it is stale."""


@dataclass(frozen=True)
class Desk:
    """What a run reads and writes. Without a ledger there is only a dry run."""

    root: Path
    loaded: Loaded
    state: tuple[StateResource, ...] | None
    session: Session
    ledger: LedgerThread | None
    read_days: ReadDays | None = None
    """Reads what came of each day's messages, which the ledger has to have before they are deleted."""


@dataclass(frozen=True)
class Asked:
    """What a run was asked for; None are all tenants."""

    slugs: frozenset[str] | None = None
    shard: Shard | None = None
    limits: Limits = field(default_factory=Limits)
    is_whole: bool = False
    """Whether every record is looked at, also where Twilio could filter and a mark says that it was done lately."""


OnRecords = Callable[[int], None]


def look_at_records(desk: Desk, asked: Asked) -> RetentionReport:
    """Count what is due, and delete nothing; raises TwilioError where nothing can be counted at all."""
    run = _prepare(desk, asked)
    return run.report(run.report_counted(run.count()), applied=False)


def retain_records(desk: Desk, asked: Asked, on_records: OnRecords = lambda _: None) -> RetentionReport:
    """Delete what is due; raises StoppedError, LedgerError, TwilioError where nothing was begun.

    On an interrupt what is on its way is brought to its end and written down, and the interrupt is raised again.
    """
    run = _prepare(desk, asked)
    refuse_wrong_clock(desk.session.clock_ahead())
    ledger = run.require_ledger()
    parent, tenants = desk.session.parent_sid, desk.loaded.tenants.values()
    ledger.ask(lambda opened: remember_holds(opened, parent, tenants, run.today))
    counted = run.count()
    if (stopped := refuse_too_many(sum(target.due for target in counted), asked.limits)) is not None:
        return run.report(run.report_counted(counted), applied=True, stopped=stopped)
    with open_job(desk, ledger, asked.limits) as job:
        applied = _apply_all(job, counted, run.today, on_records)
    return run.report(applied, applied=True)


@dataclass(frozen=True)
class _Run:
    """One run: what it was asked for, which tenants it is for, and the day by Twilio's clock."""

    desk: Desk
    asked: Asked
    targets: Targets
    today: date

    def require_ledger(self) -> LedgerThread:
        if self.desk.ledger is None:
            raise ValueError("records are deleted only where a ledger has the proof")
        return self.desk.ledger

    def count(self) -> tuple[CountedTarget, ...]:
        """Count what is due of all tenants, many at once."""
        desk, asked = self.desk, self.asked
        stack = StackRef(desk.session.parent_sid, desk.loaded.stack.name or "")
        counting = Counting(desk.session.aging_records, desk.ledger, stack, self.today, asked.limits)
        tenants = desk.loaded.tenants

        def count(target: Target) -> CountedTarget:
            return count_target(counting, target, tenants[target.slug], is_whole=asked.is_whole)

        pool = ThreadPoolExecutor(THREADS)
        try:
            return tuple(pool.map(count, self.targets.open))
        finally:
            pool.shutdown(cancel_futures=True)

    def report_counted(self, counted: Sequence[CountedTarget]) -> tuple[TenantReport, ...]:
        """Return what is due, where nothing was done about it."""
        return tuple(report_tenant(target, self.today, counted_rules(target)) for target in counted)

    def report(self, tenants: Sequence[TenantReport], *, applied: bool, stopped: str | None = None) -> RetentionReport:
        """Return the report of all tenants, by slug."""
        ledger = self.desk.ledger
        everyone = sorted((*tenants, *self.targets.left_out), key=lambda tenant: tenant.tenant)
        return RetentionReport(
            stack=self.desk.loaded.stack.name,
            parent=self.desk.session.parent_sid,
            applied=applied,
            today=self.today,
            shard=str(self.asked.shard) if self.asked.shard else None,
            tenants=tuple(everyone),
            facts=FACTS,
            stopped=stopped,
            ledger_head=str(ledger.ask(read_head)) if ledger else None,
        )


def prepare_targets(desk: Desk, asked: Asked, *, needs_rules: bool = True) -> Targets:
    """Return the tenants whose records are looked at, and why others are not; raises TwilioError."""
    session, ledger, parent = desk.session, desk.ledger, desk.session.parent_sid
    accounts = find_accounts(desk.loaded, desk.state, session, asked.slugs)
    remembered = ledger.ask(lambda opened: remembered_holds(opened, parent)) if ledger else {}
    memory = HoldMemory(session.twilio_now().date(), recorded_holds(desk.state), remembered)
    targets = choose_targets(desk.loaded, accounts.chosen, memory, asked.shard, needs_rules=needs_rules)
    slugs = {target.slug for target in targets.open}
    broken = ledger.ask(lambda opened: describe_broken_audits(opened, parent, slugs)) if ledger else {}
    return leave_out_broken(targets, broken)


def _prepare(desk: Desk, asked: Asked) -> _Run:
    targets = prepare_targets(desk, asked)
    return _Run(desk, asked, targets, desk.session.twilio_now().date())


@contextmanager
def open_job(desk: Desk, ledger: LedgerThread, limits: Limits) -> Iterator[Job]:
    """Yield what all threads of a run share; at its end they stop."""
    stop = Event()
    with ThreadPoolExecutor(THREADS, "calls") as calls:
        session = desk.session
        watch = ManifestWatch(desk.root, desk.loaded.stack.name, session.twilio_now().date())
        budget, run = Budget(limits.deletes), uuid4().hex[:16]
        try:
            yield Job(
                *(session.aging_records, ledger, calls, stop, budget, watch, session.parent_sid, run),
                read_days=desk.read_days,
            )
        finally:
            stop.set()


def finish_on_interrupt(job: Job, work: Callable[[], T]) -> T:
    """Do work in a thread of its own; on an interrupt the calls that are on their way end, and are written down."""
    with ThreadPoolExecutor(1, "tenant") as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except BaseException:
            job.stop.set()
            raise


def _apply_all(
    job: Job, targets: Sequence[CountedTarget], today: date, on_records: OnRecords
) -> tuple[TenantReport, ...]:
    """Work on many tenants at once. On an interrupt all stop where they are, and write down what was done."""
    reports: list[TenantReport] = []
    with ThreadPoolExecutor(AT_ONCE, "tenants") as pool:
        futures: list[Future[TenantReport]] = [pool.submit(apply_target, job, target, today) for target in targets]
        try:
            for future in as_completed(futures):
                reports.append(future.result())
                on_records(sum(rule.done for report in reports for rule in report.rules))
        except BaseException:
            job.stop.set()
            for future in futures:
                future.cancel()
            raise
    return tuple(reports)
