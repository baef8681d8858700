"""Whether git would see a file: a secret that git sees is one `git add .` away from everybody."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tenantry.operations.export.gather import ExportError

NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CEILING_DIRECTORIES")
"""Variables that turn git to another repository than that of a folder."""


def refuse_seen(folder: Path, names: Iterable[str], environ: Mapping[str, str]) -> None:
    """Raise ExportError if git would see one of these files of a folder, or can't say; the folder need not be there."""
    place = Path(os.path.realpath(folder))
    tree = next((above for above in (place, *place.parents) if (above / ".git").exists()), None)
    if tree is None:
        return
    seen = sorted(name for name in names if not _is_ignored(tree, place / name, environ))
    if seen:
        below = place.relative_to(tree)
        ignoring = f", or write /{below}/ into {tree / '.gitignore'}" if below.parts else ""
        raise ExportError(
            f"{folder} lies in the git work tree {tree}, where git would see {below / seen[0]}; no secret was written. "
            f"Name a folder outside of it{ignoring}; --even-in-git writes it nevertheless"
        )


def _is_ignored(tree: Path, file: Path, environ: Mapping[str, str]) -> bool:
    """Ask git whether it ignores a file; one that is in its index is seen whatever the patterns say."""
    environ = {name: value for name, value in environ.items() if name not in NOT_OURS}
    command = ["git", "-C", str(tree), "check-ignore", "--quiet", "--", str(file)]
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, check=False, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise _make_error(tree, str(error.strerror)) from error
    if done.returncode not in (0, 1):
        raise _make_error(tree, " ".join(done.stderr.split()))
    return done.returncode == 0


def _make_error(tree: Path, message: str) -> ExportError:
    return ExportError(
        f"Asking git whether it would see the secrets in {tree} failed: {message}; no secret was written. Name a "
        "folder outside of the work tree, or correct that"
    )
