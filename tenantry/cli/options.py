"""Options that several commands share."""

from collections.abc import Iterable
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
stack_option = click.option("--stack", metavar="NAME", help="Use the settings of this stack.")
only_option = click.option(
    "--only",
    multiple=True,
    metavar="TENANT,…",
    callback=lambda _context, _option, values: choose_names(values),
    help="Only these tenants, separated by commas, or one --only for each.",
)
without_state_option = click.option(
    "--without-state",
    is_flag=True,
    help="Do not read the stack's state: find everything in Twilio by `adopt`, otherwise by name.",
)


def refuse_blank(_context: click.Context, option: click.Parameter, value: str) -> str:
    """Return the text of an option without blanks around it; what is kept for good must say something."""
    if not value.strip():
        raise click.BadParameter("it is empty; nothing was written.", param=option)
    return value.strip()


def split(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in values that may hold several with commas between; blanks and repetitions are dropped."""
    names = (name.strip() for value in values for name in value.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def choose_names(
    values: Iterable[str], only: Iterable[str] = (), *, noun: str = "tenant", everything: str = "all of them"
) -> tuple[str, ...]:
    """Return the names in values and in `--only`, each once; an empty variable of a script must not be taken for all.

    Raises `click.UsageError` where values are given and name nothing.
    """
    given = tuple(values)
    names = split(given)
    if given and not names:
        raise click.UsageError(f"No {noun} is named; leave the option or argument out, which means {everything}.")
    return tuple(dict.fromkeys((*names, *only)))


keep_days_option = click.option(
    "--keep-days", type=click.IntRange(14, 3_660), metavar="DAYS", help="Keep errors so long.  [default: 30]"
)
"""The days are those that `read_keep_days` takes from the environment."""
