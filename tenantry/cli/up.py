"""`tenantry up`: make Twilio as the manifests say."""

import sys
from pathlib import Path

import click

from tenantry.cli.focus import focus_of
from tenantry.cli.options import Wanted, project_option, stack_option, tenants_options
from tenantry.cli.progress import progress, steps_of
from tenantry.cli.run import Ran, end_if_interrupted, running, tell_messages
from tenantry.cli.stack import close_option, fail, open_stack, policy_option, refresh_option
from tenantry.cli.traffic import tell_traffic
from tenantry.engine import command
from tenantry.engine.events import ResourceFailed
from tenantry.engine.plan import Plan, plan_of, slug_of
from tenantry.engine.safety import Limits, may_skip_checkpoints, refusal
from tenantry.model.resources import FLEET
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.gather import preview_of

NOBODY_TO_ASK = (
    "This would change Twilio, and there is nobody to ask: standard input is no terminal. Nothing was begun. Look at "
    "it with `tenantry preview`, then run again with --yes."
)


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
def up(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    closing: tuple[str, ...],
    packs: tuple[Path, ...],
    max_deletes: int,
    max_deletes_percent: int,
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
    focus = focus_of(wanted, opened, closing)
    if focus is not None and not focus:
        return
    options = {"refresh": refresh, "policy_packs": packs}
    with progress("preview") as listener:
        previewed = running(command.preview, opened.project, focus, listener, **options)
    plan = _checked(previewed, Limits(max_deletes, max_deletes_percent))
    click.echo(as_text(preview_of(plan, opened.project.stack)))
    if plan.is_empty and not refresh:
        tell_traffic(previewed.traffic)
        return
    if not (yes or click.confirm("Apply this?", err=True)):
        fail("Nothing was changed.")
    with progress("up", steps_of(plan)) as listener:
        skip = may_skip_checkpoints(plan)
        applied = running(command.up, opened.project, focus, listener, skip_checkpoints=skip, **options)
    tell_traffic(previewed.traffic.then(applied.traffic))
    _end(applied)


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


def _end(applied: Ran) -> None:
    """Tell how a run ended; ends the command with an error unless all is done."""
    tell_messages(plan_of(applied.events))
    failed = sorted({slug_of(e.urn, e.name) or e.name for e in applied.events if isinstance(e, ResourceFailed)})
    if FLEET in failed:
        fail("Nothing was changed in Twilio; run again when the reason above is gone.")
    if failed:
        fail(f"Failed: {', '.join(failed)}. The others are done; run again when the reasons above are gone.")
    end_if_interrupted(applied)
    if applied.exit_code:
        fail("The run did not end well; see above.")
    click.echo("Done.")
