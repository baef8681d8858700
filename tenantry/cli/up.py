"""`tenantry up`: make Twilio as the manifests say."""

from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.progress import progress
from tenantry.cli.stack import (
    close_option,
    fail,
    open_stack,
    policy_option,
    refresh_option,
    running,
    show_errors,
    slugs_argument,
)
from tenantry.engine import command
from tenantry.engine.command import Project
from tenantry.engine.events import ResourceFailed
from tenantry.engine.plan import Plan, plan_of, slug_of
from tenantry.engine.safety import Limits, may_skip_checkpoints, refusal
from tenantry.model.resources import FLEET
from tenantry.reports.plan import as_text


@click.command()
@slugs_argument
@project_option
@stack_option
@refresh_option
@close_option
@policy_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask; needed where nobody can answer.")
@click.option("--max-deletes", type=click.IntRange(0), default=Limits.deletes, show_default=True)
@click.option("--max-deletes-percent", type=click.IntRange(0, 100), default=Limits.percent, show_default=True)
def up(
    slugs: tuple[str, ...],
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
    """Make Twilio as the manifests say, for all tenants or those named.

    Previews first and stops on an error, or when more would be deleted than the limits allow. One tenant that fails
    does not stop the others.
    """
    project = open_stack(root, stack, slugs, closing)
    plan = plan_of(running(command.preview, project, slugs, refresh=refresh, policy_packs=packs).events)
    show_errors(plan)
    if plan.errors:
        fail("Nothing was changed.")
    if refused := refusal(plan, Limits(max_deletes, max_deletes_percent)):
        fail(refused)
    click.echo(as_text(plan))
    if plan.is_empty and not refresh:
        return
    if not (yes or click.confirm("Apply this?", err=True)):
        fail("Nothing was changed.")
    _apply(project, plan, slugs, packs, refresh=refresh)


def _apply(project: Project, plan: Plan, slugs: tuple[str, ...], packs: tuple[Path, ...], *, refresh: bool) -> None:
    with progress(len(plan.steps)) as on_event:
        run = running(
            command.up,
            project,
            slugs,
            refresh=refresh,
            policy_packs=packs,
            skip_checkpoints=may_skip_checkpoints(plan),
            on_event=on_event,
        )
    show_errors(plan_of(run.events))
    failed = sorted({slug_of(e.urn, e.name) or e.name for e in run.events if isinstance(e, ResourceFailed)})
    if FLEET in failed:
        fail("Nothing was changed in Twilio; run again when the reason above is gone.")
    if failed:
        fail(f"Failed: {', '.join(failed)}. The others are done; run again when the reasons above are gone.")
    if run.exit_code:
        fail("The run did not end well; see above.")
    click.echo("Done.")
