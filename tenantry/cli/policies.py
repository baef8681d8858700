"""Which policy packs a run is checked with: the project's own wherever there is one, and those that were named."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tenantry.cli.stack import fail
from tenantry.manifest.files import is_there
from tenantry.policies.check import POLICIES

PACK = "PulumiPolicy.yaml"
NO_PACK = (
    "{folder}/ holds no policy pack that the engine can ask: there is no {file} in it. Nothing was begun. Copy it from "
    "what `tenantry init` writes, or run with --no-policies, which asks none of the project's rules."
)


@dataclass(frozen=True)
class Policies:
    """The packs that a run is checked with, and whether the project's own is left out because somebody said so."""

    packs: tuple[Path, ...] = ()
    skipped: bool = False

    @property
    def asked(self) -> bool | None:
        """Whether rules are asked; None in a project that has none."""
        return True if self.packs else False if self.skipped else None


def policies_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--policy-pack` and `--no-policies`, which it gets as a function of the project's folder."""

    @click.option(
        "--policy-pack",
        "packs",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, resolve_path=True),
        metavar="DIR",
        help="Check the run with this policy pack too; the project's own is asked without a word.",
    )
    @click.option("--no-policies", "skip", is_flag=True, help=f"Do not ask the project's own policies, in {POLICIES}/.")
    @wraps(command)
    def with_policies(*arguments: Any, packs: tuple[Path, ...], skip: bool, **options: Any) -> None:
        command(*arguments, policies=lambda root: policies_of(root, packs, skip=skip), **options)

    return with_policies


def policies_of(root: Path, named: tuple[Path, ...], *, skip: bool) -> Policies:
    """Return the packs of a run; ends the command where the project has policies that can't be asked."""
    own = root.resolve() / POLICIES
    if not is_there(own):
        return Policies(named)
    others = tuple(pack for pack in named if pack != own.resolve())
    if skip:
        return Policies(others, skipped=True)
    if not (own / PACK).is_file():
        fail(NO_PACK.format(folder=POLICIES, file=PACK))
    return Policies((own, *others))
