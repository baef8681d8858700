"""Options that several commands share."""

from pathlib import Path

import click

project_option = click.option(
    "-C",
    "--project",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    show_default="this folder",
    metavar="DIR",
    help="Folder of tenantry.yaml.",
)
stack_option = click.option("--stack", metavar="NAME", help="Take the settings of this stack.")
