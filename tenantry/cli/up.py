"""`tenantry up`: make Twilio as the manifests say."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.focus import focus_of
from tenantry.cli.options import Wanted, project_option, stack_option, tenants_options
from tenantry.cli.progress import progress, steps_of
from tenantry.cli.run import INTERRUPTED, Ran, end_if_interrupted, running, tell_messages
from tenantry.cli.stack import close_option, fail, open_stack, policy_option, refresh_option
from tenantry.cli.traffic import api_line
from tenantry.engine import command
from tenantry.engine.plan import Plan, plan_of
from tenantry.engine.safety import Limits, may_skip_checkpoints, refusal
from tenantry.reports.outcome.formats import FORMATS
from tenantry.reports.outcome.gather import outcome_of
from tenantry.reports.outcome.values import Outcome
from tenantry.reports.outcome.words import summary
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.gather import preview_of
from tenantry.twilio.traffic import Traffic

NOBODY_TO_ASK = (
    "This would change Twilio, and there is nobody to ask: standard input is no terminal. Nothing was begun. Look at "
    "it with `tenantry preview`, then run again with --yes."
)
EXIT_CODES = {"done": 0, "failed": 1, "interrupted": INTERRUPTED}


@click.command()
@tenants_options
@project_option
@stack_option
@refresh_option
@close_option
@policy_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask; needed where nobody can answer.")
@click.option("--max-deletes", type=click.IntRange(0), default=Limits.deletes, show_default=True)
@click.option("--max-deletes-percent", type=click.IntRange(0, 100), default=Limits.percent, show_default=True)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Of what was done."
)
def up(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    closing: tuple[str, ...],
    packs: tuple[Path, ...],
    max_deletes: int,
    max_deletes_percent: int,
    form: str,
    *,
    refresh: bool,
    yes: bool,
) -> None:
    """Make Twilio as the manifests say, for all tenants or those chosen.

    Previews first and stops on an error, or when more would be deleted than the limits allow. One tenant that fails
    does not stop the others. Exit 0 if all is done, or nothing was to do; 1 on an error.
    """
    if not (yes or sys.stdin.isatty()):
        fail(NOBODY_TO_ASK)
    opened = open_stack(root, stack, closing)
    project, focus = opened.project, focus_of(wanted, opened, closing)
    if focus is not None and not focus:
        _end(outcome_of(plan_of(()), (), project.stack), form)
    options = {"refresh": refresh, "policy_packs": packs}
    with progress("preview") as listener:
        previewed = running(command.preview, project, focus, listener, **options)
    plan = _checked(previewed, Limits(max_deletes, max_deletes_percent))
    click.echo(as_text(preview_of(plan, project.stack)), err=form != "text")
    if plan.is_empty and not refresh:
        _end(outcome_of(plan, (), project.stack), form)
    if not (yes or click.confirm("Apply this?", err=True)):
        fail("Nothing was changed.")
    with progress("up", steps_of(plan)) as listener:
        skip = may_skip_checkpoints(plan)
        applied = running(command.up, project, focus, listener, skip_checkpoints=skip, **options)
    _end(_outcome(plan, applied, project.stack, previewed.traffic.then(applied.traffic)), form)


def _checked(previewed: Ran, limits: Limits) -> Plan:
    """Return the plan of a preview that may be applied; ends the command if it may not."""
    end_if_interrupted(previewed)
    plan = plan_of(previewed.events)
    tell_messages(plan)
    if plan.errors or previewed.exit_code:
        fail("Nothing was changed.")
    if refused := refusal(plan, limits):
        fail(refused)
    return plan


def _outcome(plan: Plan, applied: Ran, stack: str, traffic: Traffic) -> Outcome:
    return outcome_of(
        plan,
        applied.events,
        stack,
        exit_code=applied.exit_code,
        interrupted=applied.interrupted,
        notes=[api_line(traffic)] if traffic.requests else [],
    )


def _end(outcome: Outcome, form: str) -> NoReturn:
    """Print what was done and end the command."""
    click.echo(FORMATS[form](outcome))
    if form != "text":
        click.echo(summary(outcome), err=True)
    raise SystemExit(EXIT_CODES[outcome.result])
