"""What came of each day's messages, written into the ledger before the first of them is deleted.

A month's service level is counted from these days. How a day is counted is known on a floor above (health), so it is
handed in; days that `tenantry health` has kept already cost no call.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from tenantry.ledger.connection import Ledger
from tenantry.ledger.health_days import HealthDay, add_days, kept_days
from tenantry.ledger.retention_marks import read_marks, set_mark
from tenantry.operations.retention.due import due_day
from tenantry.operations.retention.marks import cleared_mark
from tenantry.operations.retention.page import Work
from tenantry.operations.retention.survey import RuleSurvey

COUNTED_MARK: Final = "messages/delete/counted"
"""The mark with the day before which every day is in the ledger."""
_DAY = timedelta(days=1)


def keep_evidence(work: Work, survey: RuleSurvey, today: date) -> None:
    """Write the days of which messages are about to be deleted; raises TwilioError, and then none may be deleted."""
    rule, job = survey.rule, work.job
    if job.read_days is None or (rule.kind, rule.action) != ("messages", "delete") or not survey.tally.due:
        return
    last = min(due_day(rule, today) - _DAY, today)
    first = job.ledger.ask(partial(_find_first, work=work, survey=survey, last=last))
    if first is None:
        return
    days = job.read_days(work.account_sid, first, last, job.stop.is_set)
    if not job.stop.is_set():
        job.ledger.ask(partial(_write, work=work, days=days, last=last))


def _find_first(ledger: Ledger, work: Work, survey: RuleSurvey, last: date) -> date | None:
    """Return the first day that is not in the ledger; None where all are.

    Days that were enforced before anything was counted have lost messages, so they are left as they are.
    """
    marks = read_marks(ledger, work.job.parent, work.tenant)
    begin = marks.get(COUNTED_MARK) or marks.get(cleared_mark(survey.rule))
    first = date.fromisoformat(begin) if begin else survey.tally.oldest
    if first is None or first > last:
        return None
    kept = kept_days(ledger, work.job.parent, work.account_sid, first, last)
    days = (first + number * _DAY for number in range((last - first).days + 1))
    return next((day for day in days if day not in kept), None)


def _write(ledger: Ledger, work: Work, days: tuple[HealthDay, ...], last: date) -> None:
    with ledger.writing():
        add_days(ledger, work.job.parent, work.account_sid, work.tenant, days)
        set_mark(ledger, work.job.parent, work.tenant, COUNTED_MARK, (last + _DAY).isoformat())
