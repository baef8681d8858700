"""`tenantry ledger`: make the ledger, look it over, back it up, move it."""

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
    """Make, check, back up or move the ledger of a stack.

    It holds statements, credits, suspensions and notices, and what was read of usage. tenantry.yaml says where it is.
    """


def _add_ledger_options(command: Callable[..., LedgerOutcome]) -> Callable[..., None]:
    """Give a command the options that say which ledger, and print what it did."""

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
    """Make the ledger, once. An existing one is upgraded to this version of Tenantry, and keeps its rows."""
    return actions.init(place)


@ledger.command()
@click.option(
    "--head", metavar="HEAD", help="A head that an earlier run printed: an older copy of the ledger lacks it."
)
@_add_ledger_options
def check(place: Place, head: str | None) -> LedgerOutcome:
    """Look the ledger over: the file, the journal, numbers without a gap, documents against rows. Exit 1 if wrong."""
    return actions.check(place, head)


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_add_ledger_options
def backup(place: Place, file: Path) -> LedgerOutcome:
    """Write the whole ledger into FILE, a new file of SQLite, and check it. Others may go on writing meanwhile."""
    return actions.backup(place, file.absolute())


@ledger.command()
@click.argument("url")
@_add_ledger_options
def copy(place: Place, url: str) -> LedgerOutcome:
    """Copy the ledger to URL, every row or nothing: `sqlite:/absolute/path`, or `postgresql:` (TENANTRY_LEDGER_URL).

    There must be no ledger, or an empty one. Stop whatever writes to the ledger before, and change tenantry.yaml after.
    """
    return actions.copy(place, url)
