"""Builds the engine aside, under a lock, and renames it into place: a half-made one is never where anybody looks."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.binary import build_binary, engine_version, stock_scripts
from installer.cache import cache_folder, make_cache_folder
from installer.host import host_is_current, install_host, install_python
from installer.tools import Failure, say


def main(arguments: list[str]) -> int:
    """Return 0 when the engine is in the cache, else 1 after one sentence that says why it is not."""
    # What a group could write would not be taken.
    os.umask(0o022)
    try:
        return _refresh() if "--refresh" in arguments else _build()
    except Failure as failure:
        sys.stderr.write(f"engine: {failure}\n")
        return 1


def _refresh() -> int:
    version = engine_version()
    place = cache_folder() / version
    if place.is_dir() and not host_is_current(place):
        with _hold_lock(place.parent / "lock"):
            install_host(place, version)
    return 0


def _build() -> int:
    version = engine_version()
    place = make_cache_folder() / version
    with _hold_lock(place.parent / "lock"):
        if not place.is_dir():
            _install(place, version)
        elif not host_is_current(place):
            install_host(place, version)
    say(f"Pulumi {version} is in {place / 'bin'}")
    return 0


def _install(place: Path, version: str) -> None:
    for left_over in place.parent.glob("partial-*"):
        shutil.rmtree(left_over)
    aside = Path(tempfile.mkdtemp(prefix="partial-", dir=place.parent))
    (aside / "bin").mkdir()
    build_binary(aside / "bin" / "pulumi", version)
    stock_scripts(aside / "bin")
    install_python(aside / "python")
    install_host(aside, version)
    aside.chmod(0o755)
    aside.rename(place)


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is building the engine; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
