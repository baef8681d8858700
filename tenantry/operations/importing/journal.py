"""Writing many files as one: a run that is killed anywhere is finished by the next one, and ends as it would have.

The files are written into a folder beside the project's own, which gets its final name when all of them are on the
disk. From then on they are moved into their places, which can be repeated.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

UNFINISHED = ".tenantry-import-unfinished"
READY = ".tenantry-import-ready"
"""Folders that only a killed run leaves."""


def write_files(root: Path, files: Mapping[str, bytes], executable: Iterable[str] = ()) -> None:
    """Write files, by their names below `root`; raises OSError before the first of them is in its place, or after."""
    root.mkdir(parents=True, exist_ok=True)
    drop_unfinished(root)
    (root / UNFINISHED).mkdir()
    runnable = frozenset(executable)
    for name, content in sorted(files.items()):
        _write(root / UNFINISHED / name, content, 0o755 if name in runnable else 0o644)
    os.sync()  # once for all: to ask for each of 5,000 files takes most of a minute
    (root / UNFINISHED).rename(root / READY)
    finish_writing(root)


def finish_writing(root: Path) -> tuple[str, ...]:
    """Move the files of an earlier run into their places, if it was killed, and return their names."""
    drop_unfinished(root)
    ready = root / READY
    if not ready.is_dir():
        return ()
    moved: list[str] = []
    for path in sorted(path for path in ready.rglob("*") if path.is_file()):
        name = path.relative_to(ready).as_posix()
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(root / name)
        moved.append(name)
    shutil.rmtree(ready)
    return tuple(moved)


def drop_unfinished(root: Path) -> None:
    """Remove files that were written beside the project, and not all of them."""
    shutil.rmtree(root / UNFINISHED, ignore_errors=True)


def is_unfinished(root: Path) -> bool:
    """Return whether a killed run left files that are to be moved into their places."""
    return (root / READY).is_dir()


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
