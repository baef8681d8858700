"""All that is done for one tenant in a run, and the report of it."""

from __future__ import annotations

from datetime import date

from tenantry.ledger.connection import Ledger
from tenantry.ledger.retention_audit import ChainOwner, end_of_chain
from tenantry.operations.retention.apply import Progress, apply_rule, settle_intents
from tenantry.operations.retention.counting import CountedTarget
from tenantry.operations.retention.due import Rule
from tenantry.operations.retention.evidence import keep_evidence
from tenantry.operations.retention.marks import write_marks
from tenantry.operations.retention.page import Job, Work
from tenantry.operations.retention.report import AppliedRule, report_tenant
from tenantry.operations.retention.survey import RuleSurvey
from tenantry.operations.retention.values import TenantReport
from tenantry.twilio.errors import TwilioError


def apply_target(job: Job, counted: CountedTarget, today: date) -> TenantReport:
    """Delete what is due of one tenant, rule by rule; a failure of Twilio's ends it, and is a value."""
    applied: list[AppliedRule] = []
    failure = None
    try:
        settle_intents(_work(job, counted, "settled"))
        for survey in counted.surveys:
            is_over = any(rule.progress is not None and rule.progress.is_over for rule in applied)
            left_out = counted.left_out.get(survey.rule.kind)
            progress = None if is_over or left_out or job.stop.is_set() else _apply(job, counted, survey, today)
            applied.append(AppliedRule(survey, progress, left_out))
    except TwilioError as error:
        failure = str(error)

    def read_end(ledger: Ledger) -> str:
        return str(end_of_chain(ledger, ChainOwner(job.parent, counted.target.slug)))

    audit = job.ledger.ask(read_end)
    return report_tenant(counted, today, applied, audit=audit, failure=failure)


def reason_of(rule: Rule) -> str:
    """Return what the audit says of a rule."""
    return f"older than {rule.keep_days} days"


def _apply(job: Job, counted: CountedTarget, survey: RuleSurvey, today: date) -> Progress:
    work = _work(job, counted, reason_of(survey.rule))
    keep_evidence(work, survey, today)
    progress = apply_rule(work, survey, today) if survey.tally.due else Progress()
    if progress.is_clean and not job.stop.is_set():
        write_marks(work, survey, today)
    return progress


def _work(job: Job, counted: CountedTarget, reason: str) -> Work:
    return Work(job, counted.target.slug, counted.target.account_sid, reason)
