"""`tenantry drift`: what differs between git and Twilio, why, and how to settle it."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.incident import ask_for_incidents
from tenantry.cli.options import project_option, stack_option, without_state_option
from tenantry.cli.run_options import tenants_options
from tenantry.cli.stack import end_on_errors, fail, find_focus, tell_place
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.operations.drift.delete import delete_strange, find_strange
from tenantry.operations.drift.story import FoundDrift, Source, look_for_drift, read_manifests, read_stack
from tenantry.operations.drift.values import Report
from tenantry.operations.importing.accept import accept_findings, choose_findings
from tenantry.operations.stack.about import describe_run
from tenantry.operations.stack.open import open_stack
from tenantry.operations.stack.wanted import Wanted
from tenantry.reports.drift.accepted import accepted_json, accepted_text
from tenantry.reports.drift.as_github import as_github
from tenantry.reports.drift.as_html import as_html
from tenantry.reports.drift.as_json import as_json
from tenantry.reports.drift.as_markdown import as_markdown
from tenantry.reports.drift.as_text import as_text
from tenantry.text.plain import plain
from tenantry.text.wrapping import sentence
from tenantry.twilio.session import Session


@click.command()
@tenants_options
@project_option
@stack_option
@click.option("--retention", is_flag=True, help="Look for records that should be gone by now, too.")
@without_state_option
@click.option(
    "--fail-on",
    type=click.Choice(["high", "any"]),
    default="any",
    show_default=True,
    help="Exit 2 for findings of high severity alone, or for any that is not a note.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "github", "html"]),
    default="text",
    show_default=True,
)
@click.option(
    "--accept",
    is_flag=True,
    help="Write what was found into manifests and layers: all of it, or findings named as TENANT/KIND/NAME.",
)
@click.option("--delete", "sid", metavar="SID", help="Delete this object, which no manifest names; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@color_option
def drift(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    form: str,
    fail_on: str,
    sid: str | None,
    *,
    retention: bool,
    without_state: bool,
    accept: bool,
    yes: bool,
) -> None:
    """Show what differs between the manifests, what was applied, and Twilio. Exit 2 if it finds any.

    Runs no program: reads the stack's state once, then lists what is in Twilio. Changes nothing, but for --accept,
    which writes manifests and layers, and --delete, which deletes one object in Twilio.
    """
    names = wanted.names
    if accept:
        wanted = replace(wanted, names=tuple(dict.fromkeys(name.partition("/")[0] for name in names)))
    if without_state and wanted.changed_since is not None:
        fail("--changed-since is for a stack whose state is read; with --without-state, name the tenants.")
    with end_on_errors():
        source = read_manifests(root, stack, wanted, os.environ) if without_state else _read_stack(wanted, root, stack)
        tell_incidents = ask_for_incidents(source.loaded.tenants)
        with count_on_line("accounts read") as on_account:
            today = datetime.now(UTC).date()
            found = look_for_drift(source, os.environ, today, retention=retention, on_account=on_account)
        if accept:
            _accept(root, source, found, names, form)
        if sid is not None:
            _delete(found, sid, yes=yes)
    _tell_findings(source, found, form, root)
    tell_incidents()
    tell_traffic(found.traffic)
    raise SystemExit(2 if _fails(found.report, fail_on) else 0)


def _tell_findings(source: Source, found: FoundDrift, form: str, root: Path) -> None:
    """Print where this is about, the report, and a hint if there is one."""
    tell_place(describe_run(source.loaded, os.environ), source.loaded.stack.name, form)
    text = render(found.report, form, root)
    tell(text, nl=not text.endswith("\n"))
    if found.hint:
        tell_lines([sentence(found.hint.strip())], err=True)


def _accept(root: Path, source: Source, found: FoundDrift, names: tuple[str, ...], form: str) -> NoReturn:
    """Write what was found into the manifests, and end the command: with 2 where some could not be."""
    session = Session.from_env(os.environ)
    report = accept_findings(root, source.loaded, choose_findings(found.report, names), session)
    tell(accepted_json(report) if form == "json" else accepted_text(report, layout()))
    raise SystemExit(2 if report.refused else 0)


def _delete(found: FoundDrift, sid: str, *, yes: bool) -> NoReturn:
    """Delete an object that no manifest names, once somebody agrees, and end the command."""
    strange = find_strange(found.report, sid)
    if not yes and not click.confirm(f"Delete {plain(strange.sentence)}? Nobody can undo that.", err=True):
        fail("Nothing was deleted.")
    delete_strange(Session.from_env(os.environ), strange)
    tell(f"Deleted {plain(strange.sentence)}.")
    raise SystemExit(0)


def _read_stack(wanted: Wanted, root: Path, stack: str | None) -> Source:
    opened = open_stack(root, stack, os.environ)
    return read_stack(opened, find_focus(wanted, opened))


def render(report: Report, form: str, root: Path) -> str:
    """Return the report in a format."""
    match form:
        case "json":
            return as_json(report)
        case "markdown":
            return as_markdown(report)
        case "html":
            return as_html(report)
        case "github":
            return as_github(report, root)
        case _:
            return as_text(report, layout())


def _fails(report: Report, fail_on: str) -> bool:
    return report.counts.high > 0 or (fail_on == "any" and report.counts.low > 0)
