"""Where a command keeps its temporary files: in one folder, which the next command removes if this one is killed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenantry.engine.run.life_lock import hold, is_free

PREFIX = "tenantry-"
OWNER = "owner"
"""The file in the folder that is locked as long as its command lives."""


@contextmanager
def scratch() -> Iterator[None]:
    """Give all temporary files of this process a folder of its own, and remove those of commands that were killed."""
    place = Path(tempfile.gettempdir())
    _sweep(place)
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=place) as folder, hold(Path(folder, OWNER)):
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _sweep(place: Path) -> None:
    """Remove the folders of our user whose command has ended without removing them."""
    for owner in place.glob(f"{PREFIX}*/{OWNER}"):
        folder = owner.parent
        if _is_ours(folder) and is_free(owner):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Return whether we made a folder; in a shared folder others may make any name, links too."""
    try:
        return folder.lstat().st_uid == os.getuid() and not folder.is_symlink()
    except OSError:
        return False
