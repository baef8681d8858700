"""Progress of a run: a bar where a person looks, plain lines in CI; always on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tenantry.engine.command import OnEvent
from tenantry.engine.events import Event, ResourceFailed, ResourceOutputs

DONE = {"create": "made", "update": "changed", "replace": "replaced", "delete": "deleted"}


@contextmanager
def progress(steps: int, *, quiet: bool = False) -> Iterator[OnEvent]:
    """Yield what is to be told each event of a run that has so many steps; `quiet` says nothing in CI."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("applying", total=steps)
            yield lambda event: bar.update(task, advance=1) if _is_done(event) else None
    else:
        yield (lambda _: None) if quiet else _say


def _say(event: Event) -> None:
    if isinstance(event, ResourceOutputs) and _is_done(event):
        click.echo(f"{DONE[event.op]} {event.name}", err=True)
    elif isinstance(event, ResourceFailed):
        click.echo(f"FAILED {event.name}", err=True)


def _is_done(event: Event) -> bool:
    if not isinstance(event, ResourceOutputs) or event.type.startswith("pulumi:providers:"):
        return False
    return event.op in DONE
