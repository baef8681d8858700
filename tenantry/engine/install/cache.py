"""The folder that engines are kept in, and whether one can be trusted. Stdlib only: tools/engine uses it too.

An engine gets every secret of a run. So it is taken only from a folder that only this user or root can write to.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Mapping
from pathlib import Path

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_OURS_ALONE = 0o700


class InstallerError(Exception):
    """Pulumi's release could not be installed; the text is one sentence for the user."""


class UntrustedError(Exception):
    """Another user could have put an engine there; the text says which path, why, and what to do."""


def find_cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder with one engine per version; all clones and projects of this user share it.

    A relative XDG_CACHE_HOME is not used, as its specification has it: that would be a folder of whatever project this
    runs in. Raises UntrustedError where HOME is relative.
    """
    base = Path(environ.get("XDG_CACHE_HOME") or ".")
    if not base.is_absolute():
        base = Path(environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir) / ".cache"
    if not base.is_absolute():
        raise UntrustedError(f"HOME is {environ['HOME']!r}, a relative path: set it to an absolute one")
    return base / "tenantry" / "engine"


def make_cache_folder(folder: Path) -> None:
    """Make the folder, for this user alone; raises UntrustedError where what is there is somebody else's."""
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    # With the mode, since some systems let a group write whatever its users make.
    folder.parent.mkdir(_OURS_ALONE, exist_ok=True)
    folder.mkdir(_OURS_ALONE, exist_ok=True)
    check_owned([folder.parent, folder])
    for path in (folder.parent, folder):
        if path.stat().st_uid == os.getuid():
            path.chmod(_OURS_ALONE)


def check_engine(cache: Path, engine: Path) -> None:
    """Raise UntrustedError where somebody else could have changed an engine in the cache."""
    check_owned([cache.parent, cache, engine, *sorted(engine.iterdir()), *sorted((engine / "bin").iterdir())])


def check_owned(paths: list[Path]) -> None:
    """Raise UntrustedError for the first of these paths that is another user's, or that others may write."""
    for path in paths:
        found = path.stat()
        if found.st_uid not in {os.getuid(), 0}:
            raise UntrustedError(
                f"{path} belongs to {_find_user(found.st_uid)}, who could put another Pulumi there: delete it, or set "
                "XDG_CACHE_HOME to a folder of yours"
            )
        if found.st_mode & _WRITABLE_BY_OTHERS:
            raise UntrustedError(
                f"{path} can be written by other users, who could put another Pulumi there: delete it, or, if you know "
                f"what is in it, run `chmod go-w {path}`"
            )


def _find_user(number: int) -> str:
    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"a user without a name ({number})"
