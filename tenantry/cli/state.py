"""What commands read before they ask Twilio about tenants, and a line that says how far they are."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tenantry.cli.run import way_out
from tenantry.cli.stack import fail, open_stack
from tenantry.engine.run.command import CommandError
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError

State = tuple[StateResource, ...] | None


def open_with_state(root: Path, stack: str | None, *, without_state: bool, undone: str) -> tuple[Loaded, State]:
    """Return the manifests and the state; without a state no engine is needed.

    An error ends the command, with `undone`, which says what was not done.
    """
    if without_state:
        try:
            return load_or_refuse(root, stack or os.environ.get("PULUMI_STACK")), None
        except ManifestError as error:
            fail(str(error))
    opened = open_stack(root, stack)
    try:
        return opened.loaded, load_state(opened.project)
    except CommandError as error:
        way = way_out(opened.project, str(error)) or "\nWith --without-state accounts are looked up by name."
        fail(f"{error}\n{undone}{way}")


@contextmanager
def count_accounts() -> Iterator[Callable[[int], None]]:
    """Yield what is called with the number of accounts read: a line that a terminal sees change, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda number: click.echo(f"\r{number} accounts read", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
