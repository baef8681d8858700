"""The marks of the job in the ledger: how far each rule was enforced."""

from __future__ import annotations

from datetime import date

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_marks import set_mark
from tenantry.operations.retention.due import Rule, due_day
from tenantry.operations.retention.page import Work
from tenantry.operations.retention.survey import RuleSurvey


def cleared_mark(rule: Rule) -> str:
    """Return the name of the mark with the day before which a rule was enforced."""
    return f"{rule.kind}/{rule.action}/cleared"


def scanned_mark(rule: Rule) -> str:
    """Return the name of the mark with the day on which every record of a kind was looked at."""
    return f"{rule.kind}/{rule.action}/scanned"


def write_marks(work: Work, survey: RuleSurvey, today: date) -> None:
    """Note how far a rule was enforced, so that the next run need not look at all again."""
    rule, marks = survey.rule, dict[str, str]()
    if not survey.is_waiting:
        marks[cleared_mark(rule)] = due_day(rule, today).isoformat()
    if survey.scope.is_whole:
        marks[scanned_mark(rule)] = today.isoformat()

    def write(ledger: Ledger) -> None:
        with ledger.writing():
            for name, value in marks.items():
                set_mark(ledger, work.job.parent, work.tenant, name, value)

    work.job.ledger.ask(write)
