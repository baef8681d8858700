"""Erasing a person's records at one tenant, with the page of work and the audit that retention has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_audit import ChainOwner, end_of_chain
from tenantry.model.record_kind import RecordKind
from tenantry.operations.erasure.collect import collect_records
from tenantry.operations.erasure.person import Person
from tenantry.operations.erasure.values import ErasedKind, ErasedTenant
from tenantry.operations.retention.acts import RecordPlan, plan_record
from tenantry.operations.retention.apply import Progress, settle_intents
from tenantry.operations.retention.due import UNFINISHED
from tenantry.operations.retention.page import Job, Work, work_on_page
from tenantry.operations.retention.targets import Target
from tenantry.twilio.aging_records import AgingRecord, RecordPage
from tenantry.twilio.errors import TwilioError

PAGE = 500
"""So many records are deleted between an intent and its results."""
MOST_PASSES = 20


@dataclass
class Erased:
    """What was done about one kind."""

    found: set[str] = field(default_factory=set)
    records: list[AgingRecord] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)


def erase_target(job: Job, target: Target, person: Person, reason: str) -> ErasedTenant:
    """Delete what there is of a person at a tenant, until nothing more is found; a failure is a value."""
    work = Work(job, target.slug, target.account_sid, reason)
    kinds: dict[RecordKind, Erased] = {}
    failure = None
    try:
        settle_intents(work)
        for _ in range(MOST_PASSES):
            if not _go_through(work, person, kinds):
                break
    except TwilioError as error:
        failure = str(error)
    return _report(job, target, kinds, failure)


def _go_through(work: Work, person: Person, kinds: dict[RecordKind, Erased]) -> bool:
    """Find the person's records and delete them; return whether it is worth to look again."""
    read_at = work.job.records.now()
    found = collect_records(work.job.records, work.account_sid, person)
    is_changed = False
    for kind, records in found.by_kind.items():
        erased = kinds.setdefault(kind, Erased())
        erased.records += [record for record in records if record.sid not in erased.found]
        erased.found |= {record.sid for record in records}
        erased.progress.unfinished |= {record.sid for record in records if record.status in UNFINISHED}
        plans = _plans(work, kind, records, erased.progress)
        while chunk := list(islice(plans, PAGE)):
            page = RecordPage(kind, work.account_sid, tuple(plan.record for plan in chunk), read_at, None)
            before = erased.progress.done
            result = work_on_page(work, page, chunk[: work.job.budget.take(len(chunk))])
            erased.progress.add(result)
            is_changed |= erased.progress.done > before or bool(result.lost)
            if erased.progress.is_over or work.job.stop.is_set():
                return False
    return is_changed


def _plans(work: Work, kind: RecordKind, records: Sequence[AgingRecord], progress: Progress) -> Iterator[RecordPlan]:
    wanted = (record for record in records if record.sid not in progress.tried)
    return (plan_record(work.job.records, work.account_sid, kind, "delete", record) for record in wanted)


def _report(job: Job, target: Target, kinds: dict[RecordKind, Erased], failure: str | None) -> ErasedTenant:
    def read_end(ledger: Ledger) -> str:
        return str(end_of_chain(ledger, ChainOwner(job.parent, target.slug)))

    progresses = [erased.progress for erased in kinds.values()]
    hold = next((progress.hold for progress in progresses if progress.hold), None)
    problem = failure or next((p.problem for p in progresses if p.problem and (p.failed or p.is_fatal)), None)
    return ErasedTenant(
        tenant=target.slug,
        account_sid=target.account_sid,
        standing="held" if hold else "failed" if problem else "open",
        reason=hold or problem,
        kinds=tuple(_kind_report(kind, erased) for kind, erased in kinds.items()),
        audit=job.ledger.ask(read_end),
    )


def _kind_report(kind: RecordKind, erased: Erased) -> ErasedKind:
    days = [record.when.date() for record in erased.records if record.when]
    return ErasedKind(
        kind=kind,
        found=len(erased.found),
        oldest=min(days, default=None),
        done=erased.progress.done,
        gone=erased.progress.gone,
        failed=len(erased.progress.failed),
        unfinished=len(erased.progress.unfinished),
    )
