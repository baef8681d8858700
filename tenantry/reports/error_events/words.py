"""How errors are said, the same in each format."""

from collections.abc import Iterator

from tenantry.operations.error_events.values import ErrorsReport, TenantErrors
from tenantry.reports.alike import Reason, group_reasons
from tenantry.text.counts import format_count
from tenantry.text.some import first_of

NAMED = 5


def summary(report: ErrorsReport) -> str:
    """Return how many errors and warnings there were, and of how many tenants."""
    errors = sum(tenant.errors for tenant in report.tenants)
    warnings = sum(tenant.warnings for tenant in report.tenants)
    counted = f"{format_count(errors, 'error')} and {format_count(warnings, 'warning')}"
    had = format_count(len(report.tenants), "tenant")
    return f"{counted} since {report.first_day} (UTC), of {had}; {report.without_errors} had none."


def rate_text(tenant: TenantErrors) -> str:
    """Return errors against traffic."""
    if tenant.traffic_problem:
        return "not available"
    if tenant.traffic is None:
        return "not read"
    if tenant.errors_percent is None:
        return "no traffic"
    return f"{tenant.errors_percent} % of {tenant.traffic:f}"


def notes(report: ErrorsReport) -> Iterator[str]:
    """Yield what a reader must know besides."""
    problems = [Reason(tenant.tenant, tenant.traffic_problem) for tenant in report.tenants if tenant.traffic_problem]
    for alike in group_reasons(problems):
        sent = "it sent" if len(alike.tenants) == 1 else "they sent"
        yield f"{alike.write_tenants()}: how much {sent} could not be read: {alike.text}"
    if not report.tenants and not report.without_errors:
        yield "The ledger knows no tenants. `tenantry up` and `tenantry sync` write them."
    if report.not_received:
        names = first_of(report.not_received, NAMED)
        yield f"Errors of {names} do not come here: no `debugger_webhook` below `webhooks`."
