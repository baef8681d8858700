"""What is wrong now as Markdown, a text an incident: each is kept as one issue, found again by its hidden marker."""

from collections.abc import Iterator, Mapping

from tenantry.operations.health.report import is_broken
from tenantry.operations.health.values import HealthReport, TenantHealth
from tenantry.reports.health.words import burn_text, objective_remedy, objective_text, remedies
from tenantry.text.markdown import code, marker, text

TWILIO = "twilio"
UNKNOWN = "unknown"
"""Ending of a file with the marker alone: nobody knows whether an incident is over, so its issue stays as it is."""


def as_issues(report: HealthReport) -> Mapping[str, str]:
    """Return the text of each incident by the name of its file: an open one of Twilio's, and each tenant that burns.

    The first line is the marker, the third a heading that serves as the issue's title.
    """
    return dict(_issues(report))


def _issues(report: HealthReport) -> Iterator[tuple[str, str]]:
    stack = report.stack or ""
    of_twilio = marker("health", stack=stack, incident=TWILIO)
    if report.incident:
        head = [of_twilio, "### Health: Twilio reports trouble"]
        yield f"{TWILIO}.md", "\n\n".join([*head, text(report.incident)]) + "\n"
    elif report.status_unknown:
        yield f"{TWILIO}.{UNKNOWN}", f"{of_twilio}\n"
    for tenant in report.tenants:
        if is_broken(tenant):
            yield f"tenant-{tenant.tenant}.md", _issue(report, tenant, stack)
        elif tenant.failed:
            yield f"tenant-{tenant.tenant}.{UNKNOWN}", f"{marker('health', stack=stack, tenant=tenant.tenant)}\n"


def _issue(report: HealthReport, tenant: TenantHealth, stack: str) -> str:
    lines = []
    for objective in tenant.objectives:
        lines += [f"* {text(objective_text(objective))}"]
        lines += [f"    * {text(burn_text(burn, objective.name))}" for burn in objective.windows if burn.burns]
        if remedy := objective_remedy(report, tenant, objective):
            lines += [f"    * {remedy}"]  # a sentence of ours: escaped, its command could not be copied
    figures = [
        f"* {title}: {code(words)}. {remedy}" for title, _, words, remedy in remedies(report, tenant, ()) if remedy
    ]
    head = [
        marker("health", stack=stack, tenant=tenant.tenant),
        f"### Health: an objective of {text(tenant.tenant)} burns or is missed",
    ]
    again = f"{code(f'tenantry health {tenant.tenant}')} shows all of it."
    return "\n\n".join([*head, "\n".join(lines), *(["\n".join(figures)] if figures else []), again]) + "\n"
