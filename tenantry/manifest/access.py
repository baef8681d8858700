"""Read access.yaml, with every problem of it at once."""

from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.complaint import validate
from tenantry.manifest.files import find_misnamed, is_there
from tenantry.manifest.layers import merge_all
from tenantry.manifest.problem import ManifestError, Place, Problem
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.access import Access

ACCESS = "access.yaml"


@dataclass(frozen=True)
class AccessFile:
    """access.yaml, and where its parts were written; `access` is an empty one where there is no file."""

    access: Access
    node: Node | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return self.node is not None

    def place(self, *path: str) -> Place:
        """Return the place of a part, or of the whole file."""
        found = node_at(self.node, path) if self.node else None
        return found.place if found else Place(ACCESS)


def read_access(root: Path) -> AccessFile:
    """Return access.yaml; raises ManifestError with all of its problems."""
    problems: list[Problem] = list(find_misnamed(root, root / ACCESS))
    if not is_there(root / ACCESS):
        if problems:
            raise ManifestError(problems)
        return AccessFile(Access(format=1))
    source = read(root, root / ACCESS)
    problems += source.problems
    if source.node is not None:
        merge_all([source.node], problems.append)  # it has no layers below it, so each null in it removes nothing
        checked = validate(source.node, Access, None)
        if isinstance(checked, Access) and not problems:
            return AccessFile(checked, source.node)
        problems += checked if isinstance(checked, list) else []
    raise ManifestError(sorted(problems))
