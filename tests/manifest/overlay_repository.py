"""A repository with a pull request, for the tests of `tenantry overlay`."""

import subprocess
from pathlib import Path
from typing import Self

import pytest

from tenantry.manifest.overlay import Overlay, OverlayError, lay_over

IDENTITY = ("-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")
ACME = "tenant: acme\nname: Acme\n"
MAIN = {
    "tenantry.yaml": "format: 1\n",
    "tenants/acme.yaml": ACME,
    "tenants/birch.yaml": "tenant: birch\nname: Birch\n",
    "tenants/OWNERS": "ana\n",
    "policies/rules.py": "good\n",
    "__main__.py": "good\n",
    "Pulumi.yaml": "name: good\n",
    "Pulumi.production.yaml": "config: {}\n",
    "README.md": "good\n",
    "secret": "the key to the state",
}


class Repository:
    """A checkout of main that has the commits of a pull request as objects, as actions/checkout leaves it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def begin(cls, root: Path) -> Self:
        """Make one whose pull request has no commit yet, in an empty folder."""
        begun = cls(root)
        begun.git("init", "-q", "-b", "main", "--template=")
        begun.write(MAIN)
        begun.commit()
        begun.git("switch", "-qc", "theirs")
        return begun

    def git(self, *arguments: str) -> str:
        command = ["git", *IDENTITY, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def main_moves_on(self, files: dict[str, str]) -> None:
        self.commit()
        self.git("switch", "-q", "main")
        self.write(files)
        self.commit()
        self.git("switch", "-q", "theirs")

    def lay_over(self) -> Overlay:
        """Commit what the pull request has, check out main, and lay the merge over it."""
        self.commit()
        self.git("switch", "-q", "main")
        return lay_over(self.root, "theirs")

    def list_refusals(self) -> list[str]:
        """Return why it is refused; nothing may have changed then."""
        with pytest.raises(OverlayError) as caught:
            self.lay_over()
        assert self.git("status", "--porcelain") == ""
        return [str(problem) for problem in caught.value.problems]

    def checked_out(self) -> dict[str, bytes]:
        """Return the manifests that a checkout of the real merge has, in a work tree of its own."""
        folder = self.root.parent / "merged"
        self.git("worktree", "add", "-q", "--detach", str(folder), "main")
        subprocess.run(["git", *IDENTITY, "merge", "-q", "--no-ff", "-m", "m", "theirs"], cwd=folder, check=True)
        return manifests(folder)


def manifests(root: Path) -> dict[str, bytes]:
    """Return the files that are read as manifests, as they are read: links are followed."""
    found = [*root.glob("*.yaml"), *(path for name in ("tenants", "plans") for path in (root / name).rglob("*.yaml"))]
    return {str(path.relative_to(root)): path.read_bytes() for path in found if not path.name.startswith("Pulumi")}
