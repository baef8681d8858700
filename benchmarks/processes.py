"""What the processes below this one use, the engine's and those it starts. Linux: read from /proc."""

import os
import resource
import threading
from collections import defaultdict
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
SECONDS_BETWEEN_LOOKS = 0.2


def cpu_seconds() -> float:
    """Return the seconds of CPU of all processes below us that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory:
    """Watches, as a context manager, how much memory all processes below us have at once; `but` is not counted."""

    def __init__(self, but: int) -> None:
        self._but = but
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak = 0

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            self.peak = max(self.peak, sum(_resident(process) for process in self._below(os.getpid())))

    def _below(self, process: int) -> list[int]:
        children = defaultdict(list)
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (parent := _parent(folder)) is not None:
                children[parent].append(int(folder.name))
        found, todo = [], [process]
        while todo:
            below = [child for child in children[todo.pop()] if child != self._but]
            found += below
            todo += below
        return found


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended meanwhile
        return None


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
