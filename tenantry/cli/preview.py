"""`tenantry preview`: what `up` would change."""

import os
from collections.abc import Callable
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.run_options import (
    limits_options,
    policies_options,
    recover_option,
    refresh_option,
    tenants_options,
)
from tenantry.cli.terminal import color_option
from tenantry.engine.run.limits import Limits
from tenantry.operations.preview.early import Asked, begin_early
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.wanted import Wanted

FORMATS = ("text", "markdown", "json", "html")


@click.command()
@tenants_options
@project_option
@stack_option
@refresh_option
@recover_option
@policies_options
@limits_options
@click.option("--commit", metavar="SHA", help="The commit that the report names; without, the one that is checked out.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
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
    asked = Asked(root, stack, wanted, policies, refresh, recover)
    with begin_early(asked, os.environ) as early:
        # Not above: Pulumi can begin before the models are there, which take as long as its own start.
        from tenantry.cli.preview_answer import Presentation, show_preview

        show_preview(asked, early, Presentation(limits, commit, form))
