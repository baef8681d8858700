"""`tenantry preview`: what `up` would change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.focus import Focus, focus_of
from tenantry.cli.options import Wanted, limits_options, project_option, stack_option, tenants_options
from tenantry.cli.policies import Policies, policies_options
from tenantry.cli.previewing import Previewed, previewed
from tenantry.cli.record import StackRecord
from tenantry.cli.recovering import recover_option, recovering
from tenantry.cli.resting import resting_in
from tenantry.cli.run import Ran, beginning, end_if_interrupted, tell_messages, tell_strays
from tenantry.cli.stack import Opened, about_run, fail, open_stack, refresh_option, tell_place
from tenantry.cli.takeovers import with_every_takeover
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.engine.events.plan import Plan, plan_of
from tenantry.engine.run.safety import Limits
from tenantry.manifest.git import GitError, commit_of
from tenantry.policies.lifted import Lifted, lifted_rules
from tenantry.policies.own import RulesError
from tenantry.reports.about import Scope
from tenantry.reports.preview.as_markdown import LEFT_OUT
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.formats import FORMATS
from tenantry.reports.preview.gather import preview_of
from tenantry.reports.preview.values import PreviewReport


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

    With credentials Twilio is asked what is there already of what would be made, and would be taken over.
    Says too where an `up` would stop at these limits. Exit 0 if nothing would change, 2 if something would, 1 on an
    error.
    """
    chosen = policies(root)
    opened = recovering(open_stack(root, stack), recover=recover)
    told = about_run(opened, policies_asked=chosen.asked, commit=commit or commit_of(opened.project.folder))
    tell_place(opened, told, form)
    focus = focus_of(wanted, opened)
    told = replace(told, scope=_scope(wanted, opened, focus))
    waivers = _waivers(opened, wanted, focus)
    if focus is not None and not focus:
        nobody = replace(told, policies_asked=None)
        answer(preview_of(plan_of(()), opened.project.stack, nobody, waivers=waivers), form)
    with beginning(opened.project):
        seen = previewed(opened, focus, refresh=refresh, packs=chosen.packs)
    end_if_interrupted(seen.ran)
    plan = _foresee(opened, seen)
    failed, unread = bool(seen.ran.exit_code), seen.unread
    stack_name = opened.project.stack
    answer(preview_of(plan, stack_name, told, limits=limits, unread=unread, waivers=waivers, failed=failed), form)


def _foresee(opened: Opened, seen: Previewed) -> Plan:
    """Return the plan with what its creates would find in Twilio, and tell messages and what Twilio was asked."""
    record, today = StackRecord(opened.project), datetime.now(UTC).date()
    plan = _plan(seen.ran, seen.focus)
    resting = resting_in(opened, seen.ran, plan)
    foreseen = with_every_takeover(opened, record, resting.held_apart(plan), today)
    tell_messages(replace(foreseen.plan, errors=(*seen.unread, *foreseen.plan.errors)))
    tell_strays(seen.ran, opened.loaded.tenants)
    tell_traffic(seen.ran.traffic.then(resting.traffic).then(foreseen.traffic))
    return foreseen.plan


def answer(report: PreviewReport, form: str) -> NoReturn:
    """Print the report and end the command; on a terminal, nothing hides the reasons of a preview that failed."""
    told = as_text(report, layout()) if form == "text" else FORMATS[form](report)
    if report.left_out or not (report.failed and form == "text"):
        tell(told)
    if LEFT_OUT in told:
        tell(as_text(report, layout(err=True)), err=True)
    raise SystemExit(1 if report.failed else 0 if report.is_empty else 2)


def _waivers(opened: Opened, wanted: Wanted, focus: Focus) -> tuple[Lifted, ...]:
    """Return the waivers that a reviewer should know of; ends the command where rules or git can't be asked."""
    today = datetime.now(UTC).date()
    try:
        return lifted_rules(opened.project.folder, opened.loaded, today, since=wanted.changed_since, focus=focus)
    except (RulesError, GitError) as error:
        fail(str(error))


def _scope(wanted: Wanted, opened: Opened, focus: Focus) -> Scope:
    every = len(opened.loaded.tenants)
    return Scope(tenants=every if focus is None else len(focus), every=every, changed_since=wanted.changed_since)


def _plan(ran: Ran, focus: Focus) -> Plan:
    """Return the plan of a preview; of one that is partial its messages only, for a part is no plan."""
    plan = plan_of(ran.events, focus)
    return replace(plan, steps=(), drift=(), waiting=(), counts={}) if ran.is_partial else plan
