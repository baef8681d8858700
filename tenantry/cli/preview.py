"""`tenantry preview`: what `up` would change."""

from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.stack import open_stack, policy_option, refresh_option, running, show_errors, slugs_argument
from tenantry.engine import command
from tenantry.engine.plan import plan_of
from tenantry.reports.plan import FORMATS


@click.command()
@slugs_argument
@project_option
@stack_option
@refresh_option
@policy_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--expect-no-changes", is_flag=True, help="Exit 2 if anything would change.")
def preview(
    slugs: tuple[str, ...],
    root: Path,
    stack: str | None,
    packs: tuple[Path, ...],
    form: str,
    *,
    refresh: bool,
    expect_no_changes: bool,
) -> None:
    """Show what `up` would change, for all tenants or those named. Without --refresh Twilio is not asked."""
    project = open_stack(root, stack, slugs)
    plan = plan_of(running(command.preview, project, slugs, refresh=refresh, policy_packs=packs).events)
    show_errors(plan)
    if plan.errors:
        raise SystemExit(1)
    click.echo(FORMATS[form](plan))
    raise SystemExit(2 if expect_no_changes and not plan.is_empty else 0)
