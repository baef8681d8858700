"""`tenantry drift`: what somebody changed in Twilio behind our back."""

from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.stack import open_stack, running, show_errors, slugs_argument
from tenantry.engine import command
from tenantry.engine.plan import plan_of
from tenantry.reports.plan import FORMATS


@click.command()
@slugs_argument
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
def drift(slugs: tuple[str, ...], root: Path, stack: str | None, form: str) -> None:
    """Ask Twilio what there is, and show what `up --refresh` would put right. Exit 2 if anything differs."""
    project = open_stack(root, stack, slugs)
    run = running(command.preview, project, slugs, refresh=True)
    plan = plan_of(run.events)
    show_errors(plan)
    if plan.errors:
        raise SystemExit(1)
    click.echo(FORMATS[form](plan))
    raise SystemExit(0 if plan.is_empty else 2)
