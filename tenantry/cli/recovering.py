"""`--recover`: a person says that the state of a stack was lost, so that accounts may be found again by their names."""

from dataclasses import replace

import click

from tenantry.cli.stack import Opened
from tenantry.engine.state.recovery import RECOVER_VARIABLE

recover_option = click.option(
    "--recover", is_flag=True, help="The state was lost: take over the accounts whose names end in our slugs."
)


def recovering(opened: Opened, *, recover: bool) -> Opened:
    """Return a stack whose runs are told whether its state was lost."""
    if not recover:
        return opened
    project = opened.project
    return replace(opened, project=replace(project, environ={**project.environ, RECOVER_VARIABLE: "1"}))
