"""`tenantry status`: what Twilio's status page says, and which tenants that concerns."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.manifest.files import PROJECT, is_there
from tenantry.operations.stack.open import load_manifests
from tenantry.operations.status.story import look_at_status
from tenantry.operations.status.values import StatusReport
from tenantry.reports.status.as_html import as_html
from tenantry.reports.status.as_json import as_json
from tenantry.reports.status.as_text import as_text
from tenantry.twilio.errors import TwilioError


@click.command()
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@color_option
def status(root: Path, stack: str | None, form: str) -> None:
    """Show Twilio's status page: incidents, maintenances, and the components that tenants use. Needs no credentials.

    Exit 2 where an open incident concerns tenants; 1 where the page can't be reached, after its last answer.
    """
    tenants = {}
    if is_there(root / PROJECT):
        with end_on_errors():
            tenants = dict(load_manifests(root, stack or os.environ.get("PULUMI_STACK")).tenants)
    try:
        report = look_at_status(os.environ, tenants, datetime.now(UTC))
    except TwilioError as error:
        fail(str(error))
    text = render(report, form)
    tell(text, nl=not text.endswith("\n"))
    raise SystemExit(report.exit_code)


def render(report: StatusReport, form: str) -> str:
    """Return the report in a format."""
    match form:
        case "json":
            return as_json(report)
        case "html":
            return as_html(report)
        case _:
            return as_text(report, layout())
