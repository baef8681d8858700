"""Which policy packs a run is checked with: the project's own wherever there is one, and those that were named."""

from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.files import POLICIES, is_there
from tenantry.operations.errors import StoppedError

PACK = "PulumiPolicy.yaml"
NO_PACK = (
    "{folder}/ holds no policy pack that the engine can ask: there is no {file} in it. Nothing was begun. Copy it from "
    "what `tenantry init` writes, or run with --no-policies, which asks none of the project's rules."
)


@dataclass(frozen=True)
class Policies:
    """The packs that a run is checked with, and whether somebody left out the project's own."""

    packs: tuple[Path, ...] = ()
    skipped: bool = False

    @property
    def asked(self) -> bool | None:
        """Whether rules are asked; None in a project that has none."""
        return True if self.packs else False if self.skipped else None


def choose_policies(root: Path, named: tuple[Path, ...], *, skip: bool) -> Policies:
    """Return the packs of a run; raises StoppedError where the project has policies that can't be asked."""
    own = root.resolve() / POLICIES
    if not is_there(own):
        return Policies(named)
    other_packs = tuple(pack for pack in named if pack != own.resolve())
    if skip:
        return Policies(other_packs, skipped=True)
    if not (own / PACK).is_file():
        raise StoppedError(NO_PACK.format(folder=POLICIES, file=PACK))
    return Policies((own, *other_packs))
