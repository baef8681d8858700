"""Printing for people: coloured and wrapped on a terminal, plain and unwrapped everywhere else."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import click

from tenantry.text.colour import CHOICES, Choice, is_wanted
from tenantry.text.wrapping import Layout, Line, lay_out

_CHOICE = "tenantry.colour"


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--color`; `layout` reads it, and the command need not."""
    option = click.option(
        "--color",
        type=click.Choice(CHOICES),
        default="auto",
        show_default=True,
        expose_value=False,
        callback=_keep,
        help="Of what is for people; auto: on a terminal, unless NO_COLOR is set; FORCE_COLOR does without one.",
    )
    return option(command)


def layout(*, err: bool = False) -> Layout:
    """Return how to lay out lines for stdout, or for stderr."""
    context = click.get_current_context(silent=True)
    choice: Choice = context.meta.get(_CHOICE, "auto") if context else "auto"
    return layout_of(sys.stderr if err else sys.stdout, choice, os.environ)


def layout_of(stream: TextIO, choice: Choice, environ: Mapping[str, str]) -> Layout:
    """Return how to lay out lines for a stream."""
    is_terminal = stream.isatty()
    return Layout(
        _measure_width(stream, environ) if is_terminal else None, is_wanted(choice, environ, is_terminal=is_terminal)
    )


def tell(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text that was laid out already."""
    # click takes the colours out of what goes to no terminal, unless a caller asks for them.
    click.echo(text, err=err, nl=nl, color=layout(err=err).coloured)


def tell_lines(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines, laid out for their stream; nothing where there are none."""
    kept = tuple(lines)
    if kept:
        tell(lay_out(kept, layout(err=err)), err=err)


@contextmanager
def count_on_line(what: str) -> Iterator[Callable[[int], None]]:
    """Yield what is called with a number: a line on stderr that a terminal sees change, such as `12 accounts read`.

    Where nobody looks, nothing is printed; afterwards the line is gone.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda number: click.echo(f"\r{number} {what}", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def _keep(context: click.Context, _option: click.Parameter, choice: Choice) -> None:
    context.meta[_CHOICE] = choice


def _measure_width(stream: TextIO, environ: Mapping[str, str]) -> int | None:
    """Return the cells of a terminal's row; None where it is unknown, as in a terminal without a size."""
    if (columns := environ.get("COLUMNS", "")).isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None
