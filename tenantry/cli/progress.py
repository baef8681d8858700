"""Progress of a run: a bar where a person looks, a line every few seconds in CI; always on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field

import click

from tenantry.cli.terminal import layout, tell_lines
from tenantry.engine.events.event import Event, ResourceEvent, ResourceFailed, ResourceOutputs, ResourcePre
from tenantry.engine.events.plan import OLD_HALF, OPS, Plan
from tenantry.engine.events.urn import COMPONENT
from tenantry.operations.run_listener import RunListener
from tenantry.text.wrapping import sentence

READS = "refresh"
NO_WORK = (COMPONENT, "pulumi:")
"""Types whose operations ask nobody for anything."""
SECONDS_BETWEEN_LINES = 10.0


@dataclass
class Tally:
    """Counts the operations of a run by its events; `total` is None where nobody knows how many there will be."""

    total: int | None = None
    done: int = 0
    read: int = 0
    failed: int = 0
    working: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)

    def see(self, event: Event) -> None:
        """Count an event."""
        if not isinstance(event, ResourceEvent) or event.op == "same" or event.type.startswith(NO_WORK):
            return
        match event:
            case ResourcePre():
                self.working.add(event.urn)
                if OPS.get(event.op) == "replace":
                    self.replaced.add(event.urn)
            case ResourceFailed():
                self.failed += 1
                self.working.discard(event.urn)
            case ResourceOutputs():
                self.done += event.op in OPS or (event.op == OLD_HALF and event.urn not in self.replaced)
                self.read += event.op == READS
                self.working.discard(event.urn)

    @property
    def figures(self) -> str:
        """The counts, those that are zero left out: `12 of 80 done, 8 in flight, 1 failed`."""
        steps = f"{self.done} to do" if self.total is None else f"{self.done} of {self.total} done"
        parts = (
            (self.read, f"{self.read} read"),
            (self.total or self.done, steps),
            (len(self.working), f"{len(self.working)} in flight"),
            (self.failed, f"{self.failed} failed"),
        )
        return ", ".join(text for number, text in parts if number)


class ProgressListener:
    """Shows on stderr how an operation goes on."""

    def follow(self, command: str, plan: Plan | None = None) -> AbstractContextManager[RunListener]:
        """Show the progress of a run."""
        return show_progress(command, plan)

    def warn(self, message: str) -> None:
        """Print a warning."""
        tell_lines([sentence(f"warning: {message}")], err=True)


@contextmanager
def show_progress(command: str, plan: Plan | None = None, *, quiet: bool = False) -> Iterator[RunListener]:
    """Show how a run of a command goes on, of so many steps as its plan has; `quiet` prints only on a terminal."""
    tally = Tally(None if plan is None else count_steps(plan))
    if sys.stderr.isatty():
        with _show_bar(command, tally) as listener:
            yield listener
    elif quiet:
        yield RunListener()
    else:
        yield print_lines(command, tally, time.monotonic, _say)


def count_steps(plan: Plan) -> int:
    """Return how many steps of a plan its run will count."""
    return sum(not step.type.startswith(NO_WORK) for step in plan.steps)


def print_lines(what: str, tally: Tally, clock: Callable[[], float], say: Callable[[str], None]) -> RunListener:
    """Return a listener that prints a line now and then, as long as the run goes on."""
    began = last = clock()

    def tick() -> None:
        nonlocal last
        now = clock()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            say(", ".join(filter(None, (f"{what}: {now - began:.0f} s", tally.figures))))

    def see(event: Event) -> None:
        tally.see(event)
        tick()

    return RunListener(see, tick)


def _say(line: str) -> None:
    with suppress(OSError):  # nobody reads it any more: that is no reason to end the run
        click.echo(line, err=True)


@contextmanager
def _show_bar(what: str, tally: Tally) -> Iterator[RunListener]:
    # Fifty modules that only a terminal needs.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[figures]}"), TimeElapsedColumn())
    console = Console(stderr=True, no_color=not layout(err=True).coloured)
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(what, total=tally.total, figures="")

    def see(event: Event) -> None:
        tally.see(event)
        with suppress(OSError):
            bar.update(task, completed=tally.done, figures=tally.figures)

    try:
        with suppress(OSError):
            bar.start()
        yield RunListener(see)
    finally:
        with suppress(OSError):
            bar.stop()
