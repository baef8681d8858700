"""One page of records: intents into the ledger, the calls, their results into the ledger.

A run that is killed loses this much at most: the intents are there, and the next run looks what became of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from threading import Event

from tenantry.ledger.connection import Ledger
from tenantry.ledger.health_days import HealthDay
from tenantry.ledger.holds import open_hold
from tenantry.ledger.retention_audit import AuditEntry, AuditLine, ChainOwner, Outcome, append_audit
from tenantry.operations.retention.acts import SETTLED, Act, ActResult, RecordPlan, perform
from tenantry.operations.retention.guards import Budget
from tenantry.operations.retention.holds import ManifestWatch
from tenantry.operations.retention.ledger_thread import LedgerThread
from tenantry.twilio.aging_records import AgingRecords, RecordPage

ReadDays = Callable[[str, date, date, Callable[[], bool]], tuple[HealthDay, ...]]
"""Returns what came of the messages of an account's days, both included; asks at each message whether to stop."""
STALE = 60.0
"""Seconds after which a page is read again: what it shows may not be so any more."""


@dataclass(frozen=True)
class Job:
    """What all threads of a run share."""

    records: AgingRecords
    ledger: LedgerThread
    calls: Executor
    stop: Event
    budget: Budget
    watch: ManifestWatch
    parent: str
    run: str
    read_days: ReadDays | None = None
    """Reads what came of each day's messages, before they are deleted."""


@dataclass(frozen=True)
class Work:
    """The records of one tenant under one rule; `reason` is what the audit says."""

    job: Job
    tenant: str
    account_sid: str
    reason: str

    @property
    def owner(self) -> ChainOwner:
        return ChainOwner(self.job.parent, self.tenant)


@dataclass(frozen=True)
class PageResult:
    """What came of a page's records. `hold` and `fatal` end the work on the tenant; `stale` wants the page anew."""

    done: int = 0
    gone: int = 0
    unfinished: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    """Those of which nobody knows, or that are there still after an answer that was lost."""
    problem: str | None = None
    hold: str | None = None
    is_fatal: bool = False
    is_stale: bool = False
    stuck: frozenset[str] = frozenset()
    """Those that Twilio has called unfinished for too long."""


def work_on_page(work: Work, page: RecordPage, plans: Sequence[RecordPlan]) -> PageResult:
    """Write the intents, do the acts, write the results; raises LedgerError where nothing may be done."""
    if not plans:
        return PageResult()
    begun = work.job.ledger.ask(partial(_begin, work, plans))
    if isinstance(begun, str):
        return PageResult(hold=begun)

    def may_go_on() -> bool:
        return not work.job.stop.is_set() and work.job.records.age(page) <= STALE

    def perform_plan(plan: RecordPlan) -> tuple[ActResult, ...]:
        return perform(work.job.records, work.account_sid, plan.acts, may_go_on)

    results = list(work.job.calls.map(perform_plan, plans))
    work.job.ledger.ask(partial(_finish, work, begun, list(chain.from_iterable(results))))
    is_stale = work.job.records.age(page) > STALE
    return replace(_sum_up(zip(plans, results, strict=True)), is_stale=is_stale)


def _begin(work: Work, plans: Sequence[RecordPlan], ledger: Ledger) -> tuple[AuditLine, ...] | str:
    """Write the intents, or return why the tenant is held by now: asked for in the transaction that writes."""
    if (hold := work.job.watch.find_new_hold(work.tenant)) is not None:
        return hold
    with ledger.writing_facts():
        held = open_hold(ledger, work.job.parent, work.tenant)
        if held is not None and not work.job.watch.is_released(work.tenant):
            return f"it is held since {held.since}: {held.reason}"
        return append_audit(ledger, work.owner, work.job.run, list(_intents(work, plans)))


def _intents(work: Work, plans: Iterable[RecordPlan]) -> Iterable[AuditEntry]:
    for plan in plans:
        day = plan.record.when.date() if plan.record.when else None
        yield from (_intent(work, act, plan, day) for act in plan.acts)


def _intent(work: Work, act: Act, plan: RecordPlan, day: date | None) -> AuditEntry:
    return AuditEntry("intent", act.kind, act.action, plan.record.account_sid, act.sid, day, work.reason)


def _finish(work: Work, intents: Sequence[AuditLine], results: Sequence[ActResult], ledger: Ledger) -> None:
    """Write the results; of an act of which nobody knows, the intent stays open."""
    entries = [
        replace(line.entry, event="result", intent=line.number, outcome=result.outcome, code=result.code)
        for line, result in zip(intents, results, strict=True)
        if result.outcome is not None
    ]
    with ledger.writing_facts():
        append_audit(ledger, work.owner, work.job.run, entries)


def _sum_up(pairs: Iterable[tuple[RecordPlan, tuple[ActResult, ...]]]) -> PageResult:
    done, gone, problem, is_fatal = 0, 0, None, False
    groups: dict[str, set[str]] = {"unfinished": set(), "failed": set(), "lost": set()}
    for plan, results in pairs:
        outcomes = {result.outcome for result in results}
        if outcomes <= SETTLED:
            done += "done" in outcomes
            gone += "done" not in outcomes
        elif (group := _group_of(outcomes)) is not None:
            groups[group].add(plan.record.sid)
            problem = problem or next((result.problem for result in results if result.problem), None)
        is_fatal |= any(result.is_fatal for result in results)
    unfinished, failed, lost = (frozenset(groups[name]) for name in ("unfinished", "failed", "lost"))
    return PageResult(done, gone, unfinished, failed, lost, problem, is_fatal=is_fatal)


def _group_of(outcomes: Collection[Outcome | None]) -> str | None:
    """Return what became of a record that was not done; None where it was not tried."""
    if "unfinished" in outcomes:
        return "unfinished"
    if "refused" in outcomes:
        return "failed"
    return "lost" if None in outcomes or "still_there" in outcomes else None
