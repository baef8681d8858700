"""`tenantry preview`: what `up` would change."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.holds import refuse_vanished_holds
from tenantry.cli.messages import tell_messages, tell_strays, tell_traffic
from tenantry.cli.options import project_option, stack_option
from tenantry.cli.progress import ProgressListener
from tenantry.cli.run_options import limits_options, policies_options, tenants_options
from tenantry.cli.stack import (
    end_on_errors,
    find_existing,
    find_run_focus,
    recover_option,
    refresh_option,
    tell_place,
)
from tenantry.cli.terminal import color_option, layout, tell, tell_lines
from tenantry.engine.events.plan import plan_of
from tenantry.engine.run.limits import Limits
from tenantry.manifest.git import commit_of
from tenantry.operations.preview.report import PreviewReport, make_preview_report
from tenantry.operations.preview.story import Foreseen, PreviewRequest, find_waivers, foresee
from tenantry.operations.stack.about import describe_run, make_scope
from tenantry.operations.stack.open import Opened, open_stack
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.wanted import Wanted
from tenantry.reports.preview.as_html import as_html
from tenantry.reports.preview.as_json import as_json
from tenantry.reports.preview.as_markdown import LEFT_OUT, as_markdown
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.summary import summarise
from tenantry.text.wrapping import sentence

FORMATS: dict[str, Callable[[PreviewReport], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "html": as_html,
}


@click.command()
@tenants_options
@project_option
@stack_option
@refresh_option
@recover_option
@policies_options
@limits_options
@click.option("--commit", metavar="SHA", help="The commit that the report names; without, the one that is checked out.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@color_option
def preview(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    policies: Callable[[Path], Policies],
    limits: Limits,
    commit: str | None,
    form: str,
    *,
    refresh: bool,
    recover: bool,
) -> None:
    """Show what `up` would change, for all tenants or those chosen.

    With credentials Twilio is asked what exists already of what would be made, and would be taken over.
    Says too where an `up` would stop at these limits. Exit 0 if nothing would change, 2 if something would, 1 on an
    error.
    """
    today = datetime.now(UTC).date()
    with end_on_errors():
        chosen = policies(root)
        opened = open_stack(root, stack, os.environ, recover=recover)
        refuse_vanished_holds(root, opened.loaded, remember=False)
        commit = commit or commit_of(opened.project.folder)
        seen = describe_run(opened.loaded, opened.project.environ, policies_asked=chosen.asked, commit=commit)
        name = opened.project.stack
        tell_place(seen, name, form)
        focus = find_run_focus(wanted, opened)
        seen = replace(seen, scope=make_scope(opened.loaded, focus, wanted.changed_since))
        waivers = find_waivers(opened, wanted.changed_since, focus, today)
        if focus is not None and not focus:
            answer(make_preview_report(plan_of(()), name, replace(seen, policies_asked=None), waivers=waivers), form)
        found = foresee(PreviewRequest(opened, refresh, chosen, today, find_existing), focus, ProgressListener())
    _tell_beside(found, opened)
    failed = bool(found.run.exit_code)
    report = make_preview_report(
        found.plan, name, seen, limits=limits, unread=found.unread, waivers=waivers, failed=failed
    )
    answer(report, form)


def _tell_beside(found: Foreseen, opened: Opened) -> None:
    """Print what a preview said, which names it would miss in a focus, and what Twilio was asked."""
    tell_messages(replace(found.plan, errors=(*found.unread, *found.plan.errors)))
    tell_strays(found.run, opened.loaded.tenants)
    tell_traffic(found.traffic)


def answer(report: PreviewReport, form: str) -> NoReturn:
    """Print the report and end the command; on a terminal, nothing hides the reasons of a preview that failed."""
    text = as_text(report, layout()) if form == "text" else FORMATS[form](report)
    if report.left_out or not (report.failed and form == "text"):
        tell(text, nl=not text.endswith("\n"))
    else:
        tell_lines([sentence(summarise(report))], err=True)
    if LEFT_OUT in text:
        tell(as_text(report, layout(err=True)), err=True)
    raise SystemExit(1 if report.failed else 0 if report.is_empty else 2)
