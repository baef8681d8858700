"""What the processes below this one use, the engine's and those it starts. Linux: read from /proc."""

import os
import resource
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_BETWEEN_LOOKS = 0.1
ROLES = (
    ("reaper.py", "reaper"),
    ("/pulumi ", "Pulumi"),
    ("tenantry.plugin.server", "plugin"),
    ("/policies", "policy pack"),
    ("language-python-exec", "program"),
    ("tenantry.cli", "our command"),
    ("/host-", "language host"),  # our stand-in
    ("pulumi-language-python", "language host"),
)
"""A part of a command line, and what a process with it is; the first that fits counts."""
OTHERS = "others"
"""What ended between two looks, such as git and the shells that start the plugin."""


def cpu_seconds() -> float:
    """Return the seconds of CPU of all processes below us that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of(process: int) -> float:
    """Return the seconds of CPU that one process has used; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


class Watch:
    """Watches, as a context manager, what all processes below one of them use, or below us; `but` is not counted."""

    def __init__(self, but: int = 0, of: int = 0, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._but = but
        self._of = of or os.getpid()
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._cpu: dict[int, float] = {}
        self._role: dict[int, str] = {}
        self.peak = 0
        """The most bytes of memory that they had at once."""

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def profile(self, total: float) -> Mapping[str, float]:
        """Return the seconds of CPU of each role, of `total` in all; the last tenth of a second of each is unseen."""
        seconds: dict[str, float] = defaultdict(float)
        for process, used in self._cpu.items():
            seconds[self._role[process]] += used
        seconds[OTHERS] += max(0.0, total - sum(seconds.values()))
        return dict(sorted(seconds.items(), key=lambda item: -item[1]))

    def _watch(self) -> None:
        while not self._over.wait(self._seconds):
            below = list(self._below(self._of))
            self.peak = max(self.peak, sum(map(_resident, below)))
            for process in below:
                self._cpu[process] = max(cpu_of(process), self._cpu.get(process, 0.0))
                self._role[process] = _role(process) or self._role.get(process, OTHERS)

    def _below(self, process: int) -> Iterator[int]:
        children = defaultdict(list)
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and (parent := _parent(folder.name)) is not None:
                children[parent].append(int(folder.name))
        todo = [process]
        while todo:
            below = [child for child in children[todo.pop()] if child != self._but]
            yield from below
            todo += below


def _role(process: int) -> str | None:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None
    return next((role for part, role in ROLES if part in command), None)


def _parent(process: str) -> int | None:
    # With `Path`, ten looks a second at all processes would take a tenth of a core of what is measured.
    try:
        with open(f"/proc/{process}/stat", "rb", buffering=0) as file:  # noqa: PTH123
            return int(file.read().rpartition(b")")[2].split()[1])
    except OSError:  # it has ended meanwhile
        return None


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
