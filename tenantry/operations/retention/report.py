"""Making the values of a report from what was counted and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tenantry.operations.retention.apply import Progress
from tenantry.operations.retention.counting import CountedTarget
from tenantry.operations.retention.due import due_day
from tenantry.operations.retention.survey import RuleSurvey
from tenantry.operations.retention.values import RuleReport, TenantReport


@dataclass(frozen=True)
class AppliedRule:
    """What was done under a rule; without progress nothing was."""

    survey: RuleSurvey
    progress: Progress | None = None
    left_out: str | None = None


def report_tenant(
    counted: CountedTarget,
    today: date,
    applied: Sequence[AppliedRule],
    *,
    audit: str | None = None,
    failure: str | None = None,
) -> TenantReport:
    """Return the report of a tenant whose records were looked at."""
    problem = failure or counted.failure
    hold = next((rule.progress.hold for rule in applied if rule.progress and rule.progress.hold), None)
    return TenantReport(
        tenant=counted.target.slug,
        account_sid=counted.target.account_sid,
        standing="held" if hold else "failed" if problem else "open",
        reason=hold or problem,
        rules=tuple(_report_rule(rule, today) for rule in applied),
        audit=audit,
    )


def counted_rules(counted: CountedTarget) -> tuple[AppliedRule, ...]:
    """Return the rules of a tenant as a dry run reports them: nothing was done under any."""
    return tuple(AppliedRule(survey, None, counted.left_out.get(survey.rule.kind)) for survey in counted.surveys)


def _report_rule(applied: AppliedRule, today: date) -> RuleReport:
    survey, progress = applied.survey, applied.progress or Progress()
    rule, tally = survey.rule, survey.tally
    return RuleReport(
        kind=rule.kind,
        action=rule.action,
        keep_days=rule.keep_days,
        before=due_day(rule, today),
        due=tally.due,
        oldest=tally.oldest,
        calls=survey.calls,
        unfinished=tally.verdicts.get("unfinished", 0) + len(progress.unfinished),
        stuck=tally.verdicts.get("stuck", 0) + len(progress.stuck),
        undated=tally.verdicts.get("undated", 0),
        foreign=tally.verdicts.get("foreign", 0),
        is_whole=survey.scope.is_whole,
        done=progress.done,
        gone=progress.gone,
        failed=len(progress.failed),
        left_out=applied.left_out or progress.left_out,
        problem=progress.problem if progress.failed or progress.stuck or progress.is_fatal else None,
    )
