"""The story of `tenantry erase`: find what there is of a person, compare the guards, delete it, and look again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from tenantry.ledger.mentions import count_mentions
from tenantry.operations.erasure.collect import PersonRecords, collect_records
from tenantry.operations.erasure.person import Person
from tenantry.operations.erasure.values import ErasedKind, ErasedTenant, ErasureReport
from tenantry.operations.erasure.work import erase_target
from tenantry.operations.retention.facts import FACTS
from tenantry.operations.retention.guards import Limits, refuse_too_many, refuse_wrong_clock
from tenantry.operations.retention.holds import remember_holds
from tenantry.operations.retention.story import AT_ONCE, Asked, Desk, finish_on_interrupt, open_job, prepare_targets
from tenantry.operations.retention.targets import Target, Targets
from tenantry.operations.retention.values import TenantReport
from tenantry.twilio.errors import TwilioError

T = TypeVar("T")


@dataclass(frozen=True)
class Erasure:
    """Whose records, at which tenants; without a key there is only a dry run."""

    person: Person
    slugs: frozenset[str]
    key: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class FoundTarget:
    """What there is of the person at one tenant, or why nobody knows."""

    target: Target
    records: PersonRecords
    failure: str | None = None


def look_for_person(desk: Desk, asked: Erasure) -> ErasureReport:
    """Find what there is, and delete nothing; raises TwilioError where nothing can be found at all."""
    targets = prepare_targets(desk, Asked(asked.slugs), needs_rules=False)
    found = _find(desk, targets, asked.person)
    return _report(desk, asked, targets, [_found_report(item) for item in found], applied=False)


def erase_person(desk: Desk, asked: Erasure) -> ErasureReport:
    """Delete what there is; raises StoppedError, LedgerError, TwilioError where nothing was begun."""
    targets = prepare_targets(desk, Asked(asked.slugs), needs_rules=False)
    refuse_wrong_clock(desk.session.clock_ahead())
    ledger = _require(desk.ledger)
    parent, today = desk.session.parent_sid, desk.session.twilio_now().date()
    ledger.ask(lambda opened: remember_holds(opened, parent, desk.loaded.tenants.values(), today))
    found = _find(desk, targets, asked.person)
    stopped = refuse_too_many(sum(item.records.count for item in found), asked.limits)
    if stopped is not None:
        reports = [_found_report(item) for item in found]
        return _report(desk, asked, targets, reports, applied=True, stopped=stopped)
    reason = f"person {asked.person.digest(_require(asked.key))}"
    with open_job(desk, ledger, asked.limits) as job:

        def erase_all() -> list[ErasedTenant]:
            open_targets = (item.target for item in found if not job.stop.is_set())
            return [erase_target(job, target, asked.person, reason) for target in open_targets]

        reports = finish_on_interrupt(job, erase_all)
    return _report(desk, asked, targets, reports, applied=True)


def _find(desk: Desk, targets: Targets, person: Person) -> tuple[FoundTarget, ...]:
    records = desk.session.aging_records

    def find(target: Target) -> FoundTarget:
        try:
            return FoundTarget(target, collect_records(records, target.account_sid, person))
        except TwilioError as error:
            return FoundTarget(target, PersonRecords({}), str(error))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(find, targets.open))


def _found_report(found: FoundTarget) -> ErasedTenant:
    kinds = tuple(
        ErasedKind(kind=kind, found=len(records), oldest=min((r.when.date() for r in records if r.when), default=None))
        for kind, records in found.records.by_kind.items()
    )
    target, standing = found.target, "failed" if found.failure else "open"
    return ErasedTenant(
        tenant=target.slug, account_sid=target.account_sid, standing=standing, reason=found.failure, kinds=kinds
    )


def _report(
    desk: Desk,
    asked: Erasure,
    targets: Targets,
    reports: Sequence[ErasedTenant],
    *,
    applied: bool,
    stopped: str | None = None,
) -> ErasureReport:
    ledger, number = desk.ledger, asked.person.number
    everyone = (*reports, *map(_left_out, targets.left_out))
    return ErasureReport(
        parent=desk.session.parent_sid,
        applied=applied,
        today=desk.session.twilio_now().date(),
        person=asked.person.digest(asked.key) if asked.key else None,
        tenants=tuple(sorted(everyone, key=lambda tenant: tenant.tenant)),
        in_ledger=dict(ledger.ask(lambda opened: count_mentions(opened, number))) if ledger else {},
        stopped=stopped,
        facts=FACTS,
    )


def _left_out(report: TenantReport) -> ErasedTenant:
    return ErasedTenant(
        tenant=report.tenant, account_sid=report.account_sid, standing=report.standing, reason=report.reason
    )


def _require(value: T | None) -> T:
    if value is None:
        raise ValueError("records are deleted only where a ledger has the proof, and a key says of whom")
    return value
