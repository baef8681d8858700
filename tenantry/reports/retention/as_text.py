"""Retention as lines for a terminal."""

from collections.abc import Iterator, Sequence

from tenantry.operations.retention.values import AuditReport, RetentionReport, RuleReport, TenantReport
from tenantry.reports.alike import Reason, group_alike, group_reasons, list_common
from tenantry.reports.retention.words import DRY_RUN, rule_notes, rule_text, standing_text, summary, title
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

MOST_HEADS = 20
"""So many ends of audits are printed; `--format json` has all."""


def as_text(report: RetentionReport, layout: Layout = PLAIN) -> str:
    """Return the report: a row a rule, what is to be known below it, and a line that counts."""
    return lay_out(_lines(report), layout)


def audit_as_text(report: AuditReport, layout: Layout = PLAIN) -> str:
    """Return whether the audit is whole."""
    return lay_out(_audit_lines(report), layout)


def _lines(report: RetentionReport) -> Iterator[Line]:
    yield sentence(title(report), "bold")
    yield Line()
    rules = [(tenant, rule) for tenant in report.tenants for rule in tenant.rules]
    yield from _table(report, rules)
    yield from _reasons(report.tenants)
    if report.tenants:
        yield Line()
    yield sentence(summary(report), "bold")
    if not report.applied:
        yield sentence(DRY_RUN)
    yield from _heads(report)


def _table(report: RetentionReport, rules: Sequence[tuple[TenantReport, RuleReport]]) -> Iterator[Line]:
    if not rules:
        if not any(tenant.standing == "failed" for tenant in report.tenants):
            yield sentence("No tenant of this run has a rule that can be enforced.")
        return
    last = ("deleted", "gone", "failed") if report.applied else ("calls",)
    header = ("tenant", "kind", "rule", "before", "due", "oldest", *last)
    rows = [_row(report, tenant, rule) for tenant, rule in rules]
    lines = align_columns([header, *rows], {4, *range(6, len(header))})
    yield _whole(lines[0], "dim")
    notes = [[Reason(tenant.tenant, note) for note in rule_notes(rule)] for tenant, rule in rules]
    common = list_common([note for of_rule in notes for note in of_rule])
    alarming = {note for (_, rule), of_rule in zip(rules, notes, strict=True) for note in of_rule if _is_alarming(rule)}
    passed = {note for alike in common for note in alike.reasons}
    for of_rule, line in zip(notes, lines[1:], strict=True):
        yield _whole(line)
        for note in of_rule:
            if note not in passed:
                yield sentence(f"    {plain(note.text)}", "alarm" if note in alarming else "yellow")
    for alike in common:
        yield sentence(plain(alike.line), "yellow" if alarming.isdisjoint(alike.reasons) else "alarm")


def _is_alarming(rule: RuleReport) -> bool:
    return bool(rule.problem or rule.stuck or rule.foreign)


def _reasons(tenants: Sequence[TenantReport]) -> Iterator[Line]:
    """Yield why tenants were held, left out or failed: tenants with the same reason in one line."""
    for same in group_alike(tenants, lambda tenant: tenant.standing):
        style: Style = "alarm" if same[0].standing == "failed" else "yellow"
        for alike in group_reasons(Reason(tenant.tenant, tenant.reason) for tenant in same if tenant.reason):
            yield sentence(plain(f"{alike.write_tenants(standing_text(same[0]))}: {alike.text}"), style)


def _row(report: RetentionReport, tenant: TenantReport, rule: RuleReport) -> tuple[str, ...]:
    last = (str(rule.done), str(rule.gone), str(rule.failed)) if report.applied else (str(rule.calls),)
    oldest = str(rule.oldest) if rule.oldest else "-"
    return (plain(tenant.tenant), rule.kind, rule_text(rule), str(rule.before), str(rule.due), oldest, *last)


def _heads(report: RetentionReport) -> Iterator[Line]:
    """Yield the ends of the audits, to be noted down where the ledger is not."""
    ends = [(tenant.tenant, tenant.audit) for tenant in report.tenants if tenant.audit and tenant.audit[0] != "0"]
    for tenant, end in ends[:MOST_HEADS]:
        yield sentence(f"Its audit: --head {plain(tenant)}={end}", "dim")
    if len(ends) > MOST_HEADS:
        yield sentence(f"{len(ends) - MOST_HEADS} more ends of audits are in --format json.", "dim")
    if report.ledger_head:
        yield sentence(f"The ledger's head: {report.ledger_head}", "dim")


def _audit_lines(report: AuditReport) -> Iterator[Line]:
    for problem in report.problems:
        yield sentence(plain(problem), "alarm")
    for accepted in report.accepted:
        yield sentence(f"Accepted: {plain(accepted)}", "yellow")
    lines = sum(chain.lines for chain in report.chains)
    count = f"{format_count(lines, 'line')} of {format_count(len(report.chains), 'tenant')}"
    but = f", but for {format_count(len(report.accepted), 'accepted break')}" if report.accepted else ""
    verdict = "not whole, and whole only up to these ends:" if report.problems else f"whole{but}: {count}."
    yield sentence(f"The audit in {plain(report.source)} is {verdict}", "bold")
    for chain in report.chains[:MOST_HEADS]:
        yield sentence(f"{plain(chain.tenant)}={chain.lines}:{chain.head[:16]}", "dim")


def _whole(text: str, style: str | None = None) -> Line:
    return Line((Span(text, "dim" if style else None, whole=True),))
