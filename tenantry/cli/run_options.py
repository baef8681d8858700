"""Options of the commands that run the engine: which tenants, how many deletions, which policies."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tenantry.cli.options import choose_names, only_option
from tenantry.engine.run.limits import Limits
from tenantry.manifest.files import POLICIES
from tenantry.operations.stack.policies import Policies, choose_policies
from tenantry.operations.stack.wanted import Wanted

refresh_option = click.option("--refresh", is_flag=True, help="Ask Twilio first what exists.")
close_option = click.option(
    "--close", "closing", multiple=True, metavar="TENANT", help="Close this tenant's account, if its day has come."
)
recover_option = click.option(
    "--recover", is_flag=True, help="The state was lost: take over the accounts whose names end in our slugs."
)


def limits_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--max-deletes` and `--max-deletes-percent`, which it gets as one value, `limits`."""

    @click.option("--max-deletes", type=click.IntRange(0), default=Limits.deletes, show_default=True)
    @click.option("--max-deletes-percent", type=click.IntRange(0, 100), default=Limits.percent, show_default=True)
    @wraps(command)
    def with_limits(*arguments: Any, max_deletes: int, max_deletes_percent: int, **options: Any) -> None:
        command(*arguments, limits=Limits(max_deletes, max_deletes_percent), **options)

    return with_limits


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
