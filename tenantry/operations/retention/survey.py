"""Counting what is due under a rule: the dry run, and what an apply's guards compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from tenantry.operations.retention.due import Fact, Rule, Verdict, due_day, is_stuck, judge
from tenantry.twilio.aging_records import LOST_PAGE, AgingRecord, AgingRecords, RecordPage
from tenantry.twilio.errors import TwilioError

T = TypeVar("T")
MOST_RESTARTS = 20
"""So often a list is read anew because its records went while it was read."""


@dataclass(frozen=True)
class Scope:
    """Which part of a list is read; what comes back is judged by its own date in any case."""

    before: date | None
    """Where Twilio filters by day: the first one of which records are kept; None is the whole list."""
    since: date | None = None

    @property
    def is_whole(self) -> bool:
        return self.before is None


@dataclass
class Tally:
    """Counts records by what becomes of them."""

    verdicts: dict[Verdict, int] = field(default_factory=dict)
    seen: int = 0
    due: int = 0
    media: int = 0
    oldest: date | None = None

    def add(self, verdict: Verdict) -> None:
        self.seen += 1
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1

    def add_due(self, record: AgingRecord) -> None:
        self.due += 1
        self.media += record.media
        day = record.when.date() if record.when else None
        self.oldest = min(filter(None, (self.oldest, day)), default=None)


@dataclass(frozen=True)
class RuleSurvey:
    """What a list shows under one rule."""

    rule: Rule
    scope: Scope
    tally: Tally

    @property
    def is_waiting(self) -> bool:
        """Whether something that is old enough was not due yet, and must be looked at again."""
        counts = self.tally.verdicts
        return bool(self.rule.reconciled or counts.get("unfinished") or counts.get("stuck"))

    @property
    def calls(self) -> int:
        """The calls that the deletions take; of a message to redact one for its text, and those for its media."""
        if self.rule.action == "delete":
            return self.tally.due
        return self.tally.due + self.tally.media + (self.tally.due if self.tally.media else 0)


class Reader:
    """Reads one account's records of one kind, judged by one rule."""

    def __init__(self, records: AgingRecords, account_sid: str, rule: Rule, today: date) -> None:
        self._records = records
        self._account_sid = account_sid
        self._rule = rule
        self._today = today

    def first_page(self, scope: Scope) -> RecordPage:
        """Return the first page; raises TwilioError."""
        return self._records.first_page(self._account_sid, self._rule.kind, before=scope.before, since=scope.since)

    def judge(self, record: AgingRecord) -> Verdict:
        """Return what becomes of a record; a hold is asked for elsewhere, once for each page."""
        fact = Fact(record.account_sid, record.when, record.status)
        return judge(self._rule, fact, self._account_sid, self._today, is_held=False)

    def is_stuck(self, record: AgingRecord) -> bool:
        """Return whether a record that Twilio calls unfinished has been due for too long to wait on."""
        return is_stuck(self._rule, record.when, self._today)

    def needs_act(self, record: AgingRecord) -> bool:
        """Return whether a due record is not yet as the rule wants it; raises TwilioError.

        A message without text that had media may have lost them already: Twilio goes on counting them.
        """
        if self._rule.action == "delete" or not record.is_empty:
            return True
        return bool(record.media and self._records.media(self._account_sid, record.sid))

    def pages(self, scope: Scope) -> Iterator[RecordPage]:
        """Yield the pages of a list that nobody changes, or at least not much; raises TwilioError."""
        page: RecordPage | None = self.first_page(scope)
        while page is not None:
            yield page
            page = self._records.next_page(page)


def survey_rule(records: AgingRecords, account_sid: str, rule: Rule, today: date, scope: Scope) -> RuleSurvey:
    """Count what is due; raises TwilioError. Where records go while the list is read, it is read anew."""
    reader = Reader(records, account_sid, rule, today)
    tally = _restart(lambda: _tally(reader, scope))
    return RuleSurvey(rule, scope, tally)


def count_up_to(records: AgingRecords, account_sid: str, rule: Rule, today: date, most: int) -> int:
    """Return how many records of the kind there are, or a number that is at least `most`; raises TwilioError."""
    reader = Reader(records, account_sid, rule, today)

    def count() -> int:
        number = 0
        for page in reader.pages(Scope(None)):
            number += len(page.records)
            if number >= most:
                break
        return number

    return _restart(count)


def scope_of(rule: Rule, today: date, *, is_whole: bool, since: date | None) -> Scope:
    """Return what to ask for: Twilio's filters are wide by a day, and those of transcriptions there are none."""
    if is_whole or rule.kind == "transcriptions":
        return Scope(None)
    return Scope(due_day(rule, today), since)


def _tally(reader: Reader, scope: Scope) -> Tally:
    tally = Tally()
    for page in reader.pages(scope):
        for record in page.records:
            verdict = reader.judge(record)
            tally.add(verdict)
            if verdict == "due" and reader.needs_act(record):
                tally.add_due(record)
    return tally


def _restart(read: Callable[[], T]) -> T:
    for _ in range(MOST_RESTARTS):
        try:
            return read()
        except TwilioError as error:
            if error.code != LOST_PAGE:
                raise
    return read()
