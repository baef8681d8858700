"""A file that is locked while a process lives: the kernel unlocks it, however that process was killed.

A process that works for a run but has another parent learns in this way that the run is over.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

RUN_VARIABLE = "TENANTRY_RUN"
"""Names the file that is locked while a run of ours is on. A plain `pulumi up` has none."""
_EXIT_CODE = 1


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Make a file that other processes find locked until this context, or this process, ends.

    It gets its name after it is locked, so no process finds it free while we live.
    """
    unnamed = path.with_name(f"{path.name}.new")
    file = os.open(unnamed, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(OSError):  # a file system without locks: then no process can tell, and none ends early
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unnamed.rename(path)
        yield
    finally:
        os.close(file)


def is_free(path: Path) -> bool:
    """Return whether the process that held a file has ended; not where the file system has no locks."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(file)
    return True


def end_with_run(environ: Mapping[str, str]) -> None:
    """End this process as soon as the run that it works for is over, also when it is over already."""
    path = environ.get(RUN_VARIABLE)
    if path:
        threading.Thread(target=_end_after, args=(path,), name="run", daemon=True).start()


def _end_after(path: str) -> None:
    with suppress(OSError):  # without locks we end with our parent alone
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            os._exit(_EXIT_CODE)
        fcntl.flock(file, fcntl.LOCK_SH)
        os._exit(_EXIT_CODE)
