"""Sentences about retention that several formats share."""

from collections.abc import Iterator

from tenantry.operations.retention.values import RetentionReport, RuleReport, TenantReport
from tenantry.text.counts import format_count

DRY_RUN = "A dry run: nothing was deleted. The same command with --apply does it."


def title(report: RetentionReport) -> str:
    """Return what the report is about: `Retention on 2026-11-30 (UTC), shard 3/8`."""
    shard = f", shard {report.shard}" if report.shard else ""
    return f"Retention on {report.today} (UTC){shard}"


def rule_text(rule: RuleReport) -> str:
    """Return a rule in words: `redact after 30 days`."""
    return f"{rule.action} after {format_count(rule.keep_days, 'day')}"


def rule_notes(rule: RuleReport) -> Iterator[str]:
    """Yield what a reader must know of a rule beside its counts."""
    if rule.left_out:
        yield f"Left out: {rule.left_out}."
    if rule.problem:
        yield rule.problem
    if rule.unfinished:
        yield f"{format_count(rule.unfinished, 'record')} not at their end yet: tried again for 14 days."
    if rule.stuck:
        yield f"{format_count(rule.stuck, 'record')} not at their end for more than 14 days: ask Twilio's support."
    if rule.undated:
        yield f"{format_count(rule.undated, 'record')} without a date: left alone."
    if rule.foreign:
        yield f"{format_count(rule.foreign, 'record')} of another account in this list: left alone; report this."


def standing_text(tenant: TenantReport) -> str:
    """Return in a word how a tenant stands."""
    return {"open": "", "held": "held", "left_out": "left out", "failed": "failed"}[tenant.standing]


def summary(report: RetentionReport) -> str:
    """Return the whole in a line."""
    if report.stopped:
        return report.stopped
    count = format_count(len(report.tenants), "tenant")
    if not report.applied:
        calls = sum(rule.calls for rule in report.rules)
        return f"{count}: {format_count(report.due, 'record')} due, {format_count(calls, 'call')} to delete them."
    gone, failed = (sum(getattr(rule, name) for rule in report.rules) for name in ("gone", "failed"))
    parts = [f"{format_count(report.done, 'record')} deleted or redacted"]
    parts += [f"{number} {word}" for number, word in ((gone, "gone already"), (failed, "failed")) if number]
    return f"{count}: {', '.join(parts)}."
