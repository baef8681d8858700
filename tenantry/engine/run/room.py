"""Why a file could not grow."""

from __future__ import annotations

import os
import resource
from pathlib import Path

ENOUGH = 64 * 1024
"""Bytes. With less free space, an event of a resource may not have fitted."""


def find_lack_of_room(file: Path) -> str | None:
    """Return why a file had no room, as a sentence; None where it had."""
    size = file.stat().st_size
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit != resource.RLIM_INFINITY and size + ENOUGH > limit:
        return f"Files may not be larger than {limit:,} bytes here (`ulimit -f`): raise that limit."
    place = os.statvfs(file.parent)
    free = place.f_bavail * place.f_frsize
    if free < ENOUGH:
        return (
            f"The disk of {file.parent.parent} is full ({free:,} bytes are free): make room, or set TMPDIR to another."
        )
    return None
