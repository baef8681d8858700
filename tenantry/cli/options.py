"""Options that several commands share."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tenantry.engine.run.safety import Limits
from tenantry.manifest.files import POLICIES
from tenantry.operations.stack.focus import Wanted
from tenantry.operations.stack.policies import Policies, choose_policies

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
only_option = click.option(
    "--only",
    multiple=True,
    metavar="TENANT,…",
    callback=lambda _context, _option, values: choose_names(values),
    help="These tenants alone; names with commas between, or one --only for each.",
)


def refuse_blank(_context: click.Context, option: click.Parameter, value: str) -> str:
    """Return the text of an option without blanks around it; what is kept for good must say something."""
    if not value.strip():
        raise click.BadParameter("it is empty; nothing was written.", param=option)
    return value.strip()


def limits_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--max-deletes` and `--max-deletes-percent`, which it gets as one value, `limits`."""

    @click.option("--max-deletes", type=click.IntRange(0), default=Limits.deletes, show_default=True)
    @click.option("--max-deletes-percent", type=click.IntRange(0, 100), default=Limits.percent, show_default=True)
    @wraps(command)
    def with_limits(*arguments: Any, max_deletes: int, max_deletes_percent: int, **options: Any) -> None:
        command(*arguments, limits=Limits(max_deletes, max_deletes_percent), **options)

    return with_limits


def split(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in values that may hold several with commas between; blanks and repetitions are dropped."""
    names = (name.strip() for value in values for name in value.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def tenants_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `[TENANT]...`, `--only` and `--changed-since`, which it gets as one value, `wanted`."""

    @click.argument("slugs", nargs=-1, metavar="[TENANT]...")
    @only_option
    @click.option(
        "--changed-since",
        "ref",
        metavar="REF",
        help="The tenants that differ from where this branch left REF, by git; all if code changed.",
    )
    @wraps(command)
    def with_tenants(
        *arguments: Any, slugs: tuple[str, ...], only: tuple[str, ...], ref: str | None, **options: Any
    ) -> None:
        names = choose_names(slugs, only)
        if names and ref is not None:
            raise click.UsageError("--changed-since finds the tenants itself; name some, or use it, not both.")
        command(*arguments, wanted=Wanted(names, ref), **options)

    return with_tenants


def policies_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--policy-pack` and `--no-policies`, which it gets as a function of the project's folder."""

    @click.option(
        "--policy-pack",
        "packs",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, resolve_path=True),
        metavar="DIR",
        help="Check the run with this policy pack too; the project's own is always asked.",
    )
    @click.option("--no-policies", "skip", is_flag=True, help=f"Do not ask the project's own policies, in {POLICIES}/.")
    @wraps(command)
    def with_policies(*arguments: Any, packs: tuple[Path, ...], skip: bool, **options: Any) -> None:
        def choose(root: Path) -> Policies:
            return choose_policies(root, packs, skip=skip)

        command(*arguments, policies=choose, **options)

    return with_policies


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
