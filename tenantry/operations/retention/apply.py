"""Deleting what is due of one tenant: rule by rule, page by page, until a pass finds nothing more.

The next page is read before anything of a page is deleted, as its token names the last record of the page before. A
page that is older than a minute is read again, and so is a list of which somebody else deletes too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_audit import (
    AuditLine,
    ChainOwner,
    Outcome,
    append_audit,
    end_of_chain,
    open_intents,
)
from tenantry.ledger.retention_marks import read_marks, set_mark
from tenantry.ledger.values import stamp
from tenantry.model.record_kind import RECORD_KINDS
from tenantry.operations.retention.acts import MEDIA, Act, RecordPlan, look_again, plan_record
from tenantry.operations.retention.guards import SLACK
from tenantry.operations.retention.page import STALE, PageResult, Work, work_on_page
from tenantry.operations.retention.survey import MOST_RESTARTS, Reader, RuleSurvey
from tenantry.twilio.aging_records import LOST_PAGE, RecordPage
from tenantry.twilio.errors import TwilioError

SETTLED_MARK = "settled"
SETTLE_AFTER = timedelta(minutes=10)
"""No job is at work on a page for so long: what has no result by then was killed."""
RECORDS = frozenset({*RECORD_KINDS, MEDIA})
"""What this can look for; a secret in a sink is settled by who deletes it."""
MOST_FAILURES = 100
"""After so many refusals under a rule the rest is left to the next run."""
MOST_TRIES = 3
"""So often a record is tried in a run whose answers are lost."""
MORE_DUE = "more came into view than was due when the run began; the next run goes on"
NO_BUDGET = "the limit of --max-deletes was reached; the next run goes on"
RESTLESS = "its list changes faster than it can be read; the next run goes on"


@dataclass
class Progress:
    """What was done under one rule so far."""

    done: int = 0
    gone: int = 0
    unfinished: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    lost: dict[str, int] = field(default_factory=dict)
    """How often the answer about a record was lost, until it is done."""
    problem: str | None = None
    left_out: str | None = None
    hold: str | None = None
    is_fatal: bool = False

    @property
    def is_over(self) -> bool:
        return self.is_fatal or self.hold is not None or self.left_out is not None

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left under the rule."""
        return not (self.is_over or self.tried)

    @property
    def tried(self) -> set[str]:
        """The records that are left to the next run."""
        return self.failed | self.unfinished | self.stuck

    def add(self, page: PageResult) -> None:
        self.done += page.done
        self.gone += page.gone
        self.unfinished |= page.unfinished
        self.stuck |= page.stuck
        self.failed |= page.failed
        for sid in page.lost:
            self.lost[sid] = self.lost.get(sid, 0) + 1
        self.failed |= {sid for sid in page.lost if self.lost[sid] >= MOST_TRIES}
        self.problem = self.problem or page.problem
        self.hold = self.hold or page.hold
        self.is_fatal |= page.is_fatal or len(self.failed) >= MOST_FAILURES


def settle_intents(work: Work) -> None:
    """Look what became of the acts of a run that was killed, and write their results; raises TwilioError.

    Young intents are left alone: they may be those of a job that runs now.
    """
    job, owner = work.job, work.owner
    marks = job.ledger.ask(lambda ledger: read_marks(ledger, job.parent, work.tenant))
    after = int(marks.get(SETTLED_MARK, "0"))
    lines = job.ledger.ask(lambda ledger: _abandoned_intents(ledger, owner, after))
    outcomes = list(job.calls.map(partial(_look, work), lines))
    job.ledger.ask(lambda ledger: _settle(ledger, work, list(zip(lines, outcomes, strict=True)), after))


def _abandoned_intents(ledger: Ledger, owner: ChainOwner, after: int) -> tuple[AuditLine, ...]:
    latest = stamp(ledger.now() - SETTLE_AFTER)
    found = (line for line in open_intents(ledger, owner, after) if line.entry.kind in RECORDS)
    return tuple(line for line in found if line.at <= latest)


def _settle(ledger: Ledger, work: Work, looked: list[tuple[AuditLine, Outcome]], after: int) -> None:
    """Write the results, and up to which line every intent has one."""
    with ledger.writing_facts():
        unsettled = {line.number for line in open_intents(ledger, work.owner, after)}  # another job may have looked too
        entries = [
            replace(line.entry, event="result", intent=line.number, outcome=outcome)
            for line, outcome in looked
            if line.number in unsettled
        ]
        append_audit(ledger, work.owner, work.job.run, entries)
        still_open = open_intents(ledger, work.owner, after)
        settled = still_open[0].number - 1 if still_open else end_of_chain(ledger, work.owner).lines
        set_mark(ledger, work.job.parent, work.tenant, SETTLED_MARK, str(settled))


def apply_rule(work: Work, survey: RuleSurvey, today: date) -> Progress:
    """Delete or redact what is due under a rule, until a pass finds nothing more; a failure is a value."""
    passes = _Passes(work, survey, today)
    try:
        passes.run()
    except TwilioError as error:
        passes.progress.problem, passes.progress.is_fatal = str(error), True
    return passes.progress


class _Passes:
    """Goes through the list of one rule again and again; for one thread."""

    def __init__(self, work: Work, survey: RuleSurvey, today: date) -> None:
        self._work = work
        self._survey = survey
        self._rule = survey.rule
        self._reader = Reader(work.job.records, work.account_sid, survey.rule, today)
        self._taken = 0
        self.progress = Progress()

    def run(self) -> None:
        restarts = 0
        while not self._is_over:
            before, lost = self.progress.done, sum(self.progress.lost.values())
            is_whole = self._go_through()
            is_lossy = sum(self.progress.lost.values()) > lost
            if self.progress.done > before:
                restarts = 0
            elif is_whole and not is_lossy:
                return
            else:
                restarts += 1
            if restarts > MOST_RESTARTS:
                self.progress.left_out = RESTLESS

    @property
    def _is_over(self) -> bool:
        return self.progress.is_over or self._work.job.stop.is_set()

    def _go_through(self) -> bool:
        """Go through the list once; return whether its end was reached."""
        try:
            for page in self._pages():
                result = self._work_on(page)
                self.progress.add(result)
                if result.is_stale or self._is_over:
                    return False
        except TwilioError as error:
            if error.code != LOST_PAGE:
                raise
            return False
        return True

    def _pages(self) -> Iterator[RecordPage]:
        """Yield the pages, each after the one that follows it was read; ends before one that has become old."""
        records = self._work.job.records
        page: RecordPage | None = self._reader.first_page(self._survey.scope)
        while page is not None:
            try:
                following, lost = records.next_page(page), None
            except TwilioError as error:
                if error.code != LOST_PAGE:
                    raise
                following, lost = None, error
            yield page
            page = following
            if lost is not None or (page is not None and records.age(page) > STALE):
                raise lost or TwilioError("the page is too old", code=LOST_PAGE)

    def _work_on(self, page: RecordPage) -> PageResult:
        plans = list(self._plans(page))
        wanted = min(len(plans), self._survey.tally.due + SLACK - self._taken)
        taken = self._work.job.budget.take(wanted)
        self._taken += taken
        if taken < len(plans):
            self.progress.left_out = NO_BUDGET if taken < wanted else MORE_DUE
        result = work_on_page(self._work, page, plans[:taken])
        refused = (record for record in page.records if record.sid in result.unfinished)
        stuck = frozenset(record.sid for record in refused if self._reader.is_stuck(record))
        return replace(result, unfinished=result.unfinished - stuck, stuck=stuck)

    def _plans(self, page: RecordPage) -> Iterator[RecordPlan]:
        tried = self.progress.tried
        due = [record for record in page.records if record.sid not in tried and self._reader.judge(record) == "due"]
        plan = partial(plan_record, self._work.job.records, self._work.account_sid, self._rule.kind, self._rule.action)
        todo = (record for record in due if self._rule.action == "delete" or not record.is_empty or record.media)
        plans = self._work.job.calls.map(plan, todo) if self._rule.action == "redact" else map(plan, todo)
        return (found for found in plans if found.acts)


def _look(work: Work, line: AuditLine) -> Outcome:
    entry = line.entry
    return look_again(work.job.records, entry.account_sid, Act(entry.kind, entry.action, entry.sid))
