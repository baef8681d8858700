"""What the engine's tests share: where the tree is, and watching processes."""

import os
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 240


def is_alive(process: int) -> bool:
    """Say whether a process runs; one that has ended and waits for its parent to notice does not."""
    stat = Path(f"/proc/{process}/stat")
    try:
        if stat.parent.parent.is_dir() and Path("/proc/self").exists():
            return stat.read_text().rpartition(")")[2].split()[0] != "Z"
        os.kill(process, 0)
    except OSError:
        return False
    return True


def ends(process: int, seconds: float = SECONDS) -> bool:
    """Wait until a process has ended, at most so many seconds, and say whether it has."""
    until = time.monotonic() + seconds
    while is_alive(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(process)


def processes_with(entry: str) -> set[int]:
    """Return the processes that have this NAME=value in their environment; Linux only."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if entry.encode() in path.read_bytes().split(b"\0"):
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found
