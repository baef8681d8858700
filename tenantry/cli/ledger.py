"""`tenantry ledger`: create the ledger, check it, back it up, or move it."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.stack import fail
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.project import require_stack
from tenantry.operations.ledger import actions
from tenantry.operations.ledger.opening import Place
from tenantry.operations.ledger.values import LedgerOutcome
from tenantry.reports.ledger.as_json import as_json
from tenantry.reports.ledger.as_text import as_text


@click.group()
def ledger() -> None:
    """Create, check, back up or move the ledger of a stack.

    The ledger holds statements, credits, suspensions, notices, and readings of usage. tenantry.yaml names its place.
    """


def _add_ledger_options(command: Callable[..., LedgerOutcome]) -> Callable[..., None]:
    """Give a command the options that choose the ledger, and print its outcome."""

    @project_option
    @stack_option
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    @color_option
    @wraps(command)
    def with_ledger(*, root: Path, stack: str | None, form: str, **options: Any) -> None:
        try:
            settings = require_stack(root, stack or os.environ.get("PULUMI_STACK"))
            outcome = command(Place(root, settings, os.environ), **options)
        except (LedgerError, ManifestError) as error:
            fail(str(error))
        tell(as_json(outcome) if form == "json" else as_text(outcome, layout()))
        raise SystemExit(1 if outcome.problems else 0)

    return with_ledger


@ledger.command()
@_add_ledger_options
def init(place: Place) -> LedgerOutcome:
    """Create the ledger, once. An existing ledger keeps its rows, and is upgraded to this version of Tenantry."""
    return actions.init(place)


@ledger.command()
@click.option(
    "--head", metavar="HEAD", help="A head that an earlier run printed; fails if the ledger is an older copy."
)
@_add_ledger_options
def check(place: Place, head: str | None) -> LedgerOutcome:
    """Check the ledger: file, journal, gaps in numbers, documents against rows. Exit 1 if something is wrong."""
    return actions.check(place, head)


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_add_ledger_options
def backup(place: Place, file: Path) -> LedgerOutcome:
    """Back up the whole ledger to FILE, a new SQLite file, and check it. Others can write to the ledger meanwhile."""
    return actions.backup(place, file.absolute())


@ledger.command()
@click.argument("url")
@_add_ledger_options
def copy(place: Place, url: str) -> LedgerOutcome:
    """Copy the ledger to URL, every row or none: `sqlite:/absolute/path`, or `postgresql:` (TENANTRY_LEDGER_URL).

    URL must have no ledger, or an empty one. Before, stop everything that writes to the ledger; after, change
    tenantry.yaml.
    """
    return actions.copy(place, url)
