"""What is wrong now as Markdown, a text an incident: each is kept as one issue, found again by its hidden marker."""

from collections.abc import Iterator, Mapping

from tenantry.operations.health.report import is_broken
from tenantry.operations.health.values import HealthReport, TenantHealth
from tenantry.reports.health.words import burn_text, objective_text, remedies
from tenantry.text.markdown import code, marker, text

TWILIO = "twilio"


def as_issues(report: HealthReport) -> Mapping[str, str]:
    """Return the text of each incident by a name for its file: an open one of Twilio's, and each tenant that burns.

    The first line is the marker, the third a heading that serves as the issue's title.
    """
    return dict(_issues(report))


def _issues(report: HealthReport) -> Iterator[tuple[str, str]]:
    stack = report.stack or ""
    if report.incident:
        head = [marker("health", stack=stack, incident=TWILIO), "### Health: Twilio reports trouble"]
        yield TWILIO, "\n\n".join([*head, text(report.incident)]) + "\n"
    for tenant in report.tenants:
        if is_broken(tenant):
            yield f"tenant-{tenant.tenant}", _issue(report, tenant, stack)


def _issue(report: HealthReport, tenant: TenantHealth, stack: str) -> str:
    lines = []
    for objective in tenant.objectives:
        lines += [f"* {text(objective_text(objective))}"]
        lines += [f"    * {text(burn_text(burn))}" for burn in objective.windows if burn.burns]
    figures = [
        f"* {title}: {code(words)}. {text(remedy)}" for title, _, words, remedy in remedies(report, tenant) if remedy
    ]
    head = [
        marker("health", stack=stack, tenant=tenant.tenant),
        f"### Health: an objective of {text(tenant.tenant)} burns or is missed",
    ]
    again = f"{code(f'tenantry health {tenant.tenant}')} shows all of it."
    return "\n\n".join([*head, "\n".join(lines), *(["\n".join(figures)] if figures else []), again]) + "\n"
