"""`tenantry access`: who may do what in Twilio, against access.yaml and the manifests."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.options import choose_names, only_option, project_option, stack_option, without_state_option
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, count_on_line, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.manifest.access import AccessFile, read_access
from tenantry.manifest.problem import ManifestError
from tenantry.operations.access.story import AccessRequest, look_at_access
from tenantry.operations.access.values import AccessReport
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.reports.access.as_github import as_github
from tenantry.reports.access.as_json import as_json
from tenantry.reports.access.as_sarif import as_sarif
from tenantry.reports.access.as_text import as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.organization import organization_credentials
from tenantry.twilio.session import Session

UNREAD = "No access was read."


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@project_option
@stack_option
@click.option("--events", is_flag=True, help="Show who did what in the last 30 days too, with a call more a tenant.")
@without_state_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@color_option
def access(
    slugs: tuple[str, ...],
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    form: str,
    *,
    events: bool,
    without_state: bool,
) -> None:
    """Show Console users whose roles access.yaml does not grant, and API keys that no manifest knows. Changes nothing.

    With names, the keys of those tenants alone. Exit 2 where anything differs, 1 where a question failed.
    """
    names = choose_names(slugs, only)
    file = _read_file(root)
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNREAD)
    with end_on_errors():
        refuse_unknown(loaded, names)
    request = AccessRequest(loaded, state, frozenset(names) or None, file, datetime.now(UTC), events)
    try:
        session, credentials = Session.from_env(os.environ), organization_credentials(os.environ)
        organization = session.organization(credentials) if credentials else None
        with count_on_line("accounts read") as on_account:
            report = look_at_access(request, session, organization, on_account)
    except TwilioError as error:
        fail(f"{error} {UNREAD}{hint_at_fake(state, os.environ)}")
    tell(render(report, form, root))
    tell_traffic(session.traffic)
    raise SystemExit(report.exit_code)


def _read_file(root: Path) -> AccessFile:
    try:
        return read_access(root)
    except ManifestError as error:
        fail(str(error))


def render(report: AccessReport, form: str, root: Path) -> str:
    """Return the report in a format."""
    match form:
        case "json":
            return as_json(report)
        case "sarif":
            return as_sarif(report, root)
        case "github":
            return as_github(report, root)
        case _:
            return as_text(report, layout())
