"""`tenantry drift`: what differs between git and Twilio, why, and how to settle it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.fakes import hint_of_a_fake
from tenantry.cli.focus import focus_of, refuse_unknown
from tenantry.cli.options import Wanted, project_option, stack_option, tenants_options
from tenantry.cli.run import way_out
from tenantry.cli.stack import fail, open_stack
from tenantry.cli.terminal import color_option, layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.engine.run.command import CommandError
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.operations.drift.accounts import ENTRY
from tenantry.operations.drift.report import find_drift
from tenantry.operations.drift.values import Report
from tenantry.reports.about import about
from tenantry.reports.drift.as_github import as_github
from tenantry.reports.drift.as_json import as_json
from tenantry.reports.drift.as_markdown import as_markdown
from tenantry.reports.drift.as_text import as_text
from tenantry.text.wrapping import sentence
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

State = tuple[StateResource, ...] | None


@click.command()
@tenants_options
@project_option
@stack_option
@click.option("--retention", is_flag=True, help="Look for records that should be gone by now, too.")
@click.option("--without-state", is_flag=True, help="Read no state: look accounts and objects up by name.")
@click.option(
    "--fail-on",
    type=click.Choice(["high", "any"]),
    default="any",
    show_default=True,
    help="Exit 2 for findings of high severity alone, or for any that is not a note.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json", "github"]), default="text", show_default=True
)
@color_option
def drift(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    form: str,
    fail_on: str,
    *,
    retention: bool,
    without_state: bool,
) -> None:
    """Show what differs between the manifests, what was applied, and Twilio. Changes nothing; exit 2 if it finds any.

    Runs no program: reads the stack's state once, then lists what is in Twilio.
    """
    loaded, state, slugs = _opened(wanted, root, stack, without_state=without_state)
    try:
        session = Session.from_env(os.environ)
        with _progress() as told:
            report = find_drift(
                loaded, state, session, datetime.now(UTC).date(), slugs=slugs, retention=retention, told=told
            )
    except TwilioError as error:
        fail(f"{error} Nothing was compared.{hint_of_a_fake(state, os.environ)}")
    tell_lines([sentence(about(loaded, os.environ).line(loaded.stack.name))], err=form != "text")
    tell(rendered(report, form, root))
    if hint := _hint(report, state):
        tell_lines([sentence(hint.strip())], err=True)
    tell_traffic(session.traffic)
    raise SystemExit(2 if _fails(report, fail_on) else 0)


def rendered(report: Report, form: str, root: Path) -> str:
    """Return the report in a format."""
    match form:
        case "json":
            return as_json(report)
        case "markdown":
            return as_markdown(report)
        case "github":
            return as_github(report, root)
        case _:
            return as_text(report, layout())


def _fails(report: Report, fail_on: str) -> bool:
    return report.counts.high > 0 or (fail_on == "any" and report.counts.low > 0)


def _opened(
    wanted: Wanted, root: Path, stack: str | None, *, without_state: bool
) -> tuple[Loaded, State, frozenset[str] | None]:
    """Return the manifests, the state and the tenants that were asked for; without a state no engine is needed."""
    if without_state:
        return _without_engine(wanted, root, stack)
    opened = open_stack(root, stack)
    slugs = focus_of(wanted, opened)
    try:
        return opened.loaded, load_state(opened.project), slugs
    except CommandError as error:
        way = (
            way_out(opened.project, str(error)) or "\nWith --without-state accounts and objects are looked up by name."
        )
        fail(f"{error}\nNothing was compared.{way}")


def _without_engine(wanted: Wanted, root: Path, stack: str | None) -> tuple[Loaded, State, frozenset[str] | None]:
    if wanted.changed_since is not None:
        fail("--changed-since is for a stack whose state is read; with --without-state, name the tenants.")
    try:
        loaded = load_or_refuse(root, stack or os.environ.get("PULUMI_STACK"))
    except ManifestError as error:
        fail(str(error))
    refuse_unknown(loaded, wanted.names)
    return loaded, None, frozenset(wanted.names) or None


def _hint(report: Report, state: State) -> str:
    """Return a hint where accounts are missing that were those of a fake."""
    is_missing = any(group.kind == "missing" and group.entry == ENTRY for group in report.groups)
    return hint_of_a_fake(state, os.environ) if is_missing else ""


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Yield what is told how many accounts were looked at: one line that a terminal sees change, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda number: click.echo(f"\r{number} accounts looked at", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
