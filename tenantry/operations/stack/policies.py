"""Which policy packs a run is checked with: the project's own wherever there is one, and those that were named."""

import ast
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.files import POLICIES, is_there
from tenantry.operations.errors import StoppedError

PACK = "PulumiPolicy.yaml"
NO_PACK = (
    "{folder}/ holds no policy pack that the engine can ask: there is no {file} in it. Nothing was begun. Copy it from "
    "what `tenantry init` writes, or run with --no-policies, which asks none of the project's rules."
)


PROGRAM = "__main__.py"
OUR_PROGRAM = """
import os
from datetime import UTC, datetime
from pathlib import Path

from tenantry.policies.pack.program import run

run(Path(__file__).absolute().parents[1], os.environ, datetime.now(UTC).date())
"""
"""The program of a pack as `tenantry init` writes it: it asks the project's rules, and does nothing else."""


@dataclass(frozen=True)
class Policies:
    """The packs that a run is checked with, and whether somebody left out the project's own."""

    packs: tuple[Path, ...] = ()
    skipped: bool = False
    are_own_ours: bool = False
    """Whether the first pack is the project's own and asks its rules alone, which we then ask ourselves."""

    @property
    def for_engine(self) -> tuple[Path, ...]:
        """The packs that the engine asks."""
        return self.packs[1:] if self.are_own_ours else self.packs

    @property
    def asked(self) -> bool | None:
        """Whether rules are asked; None in a project that has none."""
        return True if self.packs else False if self.skipped else None


def choose_policies(root: Path, named: tuple[Path, ...], *, skip: bool) -> Policies:
    """Return the packs of a run; raises StoppedError where the project has policies that can't be asked.

    The project's own pack is left to the engine where somebody changed its program, or named it.
    """
    own = root.resolve() / POLICIES
    if not is_there(own):
        return Policies(named)
    other_packs = tuple(pack for pack in named if pack != own.resolve())
    if skip:
        return Policies(other_packs, skipped=True)
    if not (own / PACK).is_file():
        raise StoppedError(NO_PACK.format(folder=POLICIES, file=PACK))
    return Policies((own, *other_packs), are_own_ours=len(other_packs) == len(named) and _is_ours(own / PROGRAM))


def _is_ours(program: Path) -> bool:
    """Return whether a program is the one that we wrote, whatever its comments say."""
    try:
        parsed = ast.parse(program.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return False
    if ast.get_docstring(parsed) is not None:
        del parsed.body[0]
    return ast.dump(parsed) == ast.dump(ast.parse(OUR_PROGRAM))
