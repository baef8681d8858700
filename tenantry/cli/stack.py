"""What commands share that are about a stack: the first line, errors, and what the providers lend."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import NoReturn

from tenantry.cli.signals import INTERRUPTED
from tenantry.cli.terminal import tell_lines
from tenantry.engine.events.existing import Existing, Steps
from tenantry.engine.state.record import StackRecord
from tenantry.model.tenant import Tenant
from tenantry.operations.errors import InterruptedOperationError, OperationError
from tenantry.operations.stack.about import About
from tenantry.operations.stack.focus import Focus, choose_tenants
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.wanted import Wanted
from tenantry.reports.about import changed_text, first_line
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import sentence
from tenantry.twilio.http.traffic import Traffic

NAMED = 5


@contextmanager
def end_on_errors() -> Iterator[None]:
    """Print why an operation could not do what was asked, and end the command."""
    try:
        yield
    except InterruptedOperationError as error:
        tell_lines([sentence(str(error))], err=True)
        raise SystemExit(INTERRUPTED) from None
    except OperationError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """End the command with an error; Pulumi's words and file names in it can't steer the terminal."""
    tell_lines((sentence(plain(line)) for line in message.split("\n")), err=True)
    raise SystemExit(1)


def warn(message: str) -> None:
    """Print a warning on stderr."""
    tell_lines([sentence(f"warning: {message}")], err=True)


def tell_place(about: About, stack: str | None, form: str) -> None:
    """Print whose Twilio a command is about, before anything else; where a program reads the output, on stderr."""
    tell_lines([sentence(first_line(about, stack))], err=form != "text")


def find_focus(wanted: Wanted, opened: Opened, closing: tuple[str, ...] = ()) -> Focus:
    """Return the tenants of a run, and print on stderr what git found; raises StoppedError."""
    chosen = choose_tenants(wanted, opened, closing)
    if chosen.changed and wanted.changed_since is not None:
        text = changed_text(wanted.changed_since, chosen.changed, chosen.focus, len(opened.loaded.tenants))
        tell_lines([sentence(text)], err=True)
    return chosen.focus


def find_run_focus(wanted: Wanted, opened: Opened, closing: tuple[str, ...] = ()) -> Focus:
    """Return the tenants that a run is to change: of those that were asked for, the managed ones."""
    focus = find_focus(wanted, opened, closing)
    observed = sorted(focus - opened.loaded.managed.keys()) if focus is not None else []
    if observed and focus is not None:
        warn(f"{first_of(observed, NAMED)}: only observed (manage: observe), so a run passes it over.")
        focus -= frozenset(observed)
    return focus


def find_existing(
    tenants: Mapping[str, Tenant],
    environ: Mapping[str, str],
    stack: StackRecord,
    steps: Steps,
    today: date,
) -> tuple[Existing, Traffic]:
    """Look up what exists of what a plan makes, as the providers do; most plans can do without their SDK's import."""
    from tenantry.providers.existing import find_existing as look_up

    return look_up(tenants, environ, stack, steps, today)
