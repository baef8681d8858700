"""Programs that the language host starts: they pass their output through and never outlive it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

_SECONDS_TO_END = 5


class Child:
    """One running program; with pipes, `output` yields what it writes as it comes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def output(self) -> Iterator[tuple[str, bytes]]:
        """Yield ("stdout" or "stderr", bytes) until both are closed."""
        chunks: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        streams = {"stdout": self._process.stdout, "stderr": self._process.stderr}
        for name, stream in streams.items():
            threading.Thread(target=_pump, args=(name, stream, chunks), daemon=True).start()
        still_open = len(streams)
        while still_open:
            name, chunk = chunks.get()
            if chunk:
                yield name, chunk
            else:
                still_open -= 1

    def wait(self) -> int:
        """Return the exit code; negative when a signal ended it."""
        return self._process.wait()

    def interrupt(self) -> None:
        """Ask it to end as Ctrl-C does, and end it after five seconds if it does not."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            timer = threading.Timer(_SECONDS_TO_END, self.kill)
            timer.daemon = True
            timer.start()

    def kill(self) -> None:
        """End it now."""
        if self._process.poll() is None:
            self._process.kill()


class Children:
    """All programs of this language host."""

    def __init__(self) -> None:
        self._started: list[Child] = []

    def start(self, command: list[str], environment: dict[str, str], *, cwd: str | None, piped: bool) -> Child:
        """Start a program through the launcher that ties its life to ours."""
        launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
        pipe = subprocess.PIPE if piped else None
        process = subprocess.Popen(
            [*launcher, str(os.getpid()), *command], env=environment, cwd=cwd, stdout=pipe, stderr=pipe
        )
        child = Child(process)
        self._started.append(child)
        return child

    def kill(self) -> None:
        """End all of them now."""
        for child in self._started:
            child.kill()


def _pump(name: str, stream: object, chunks: SimpleQueue[tuple[str, bytes]]) -> None:
    descriptor = stream.fileno()  # type: ignore[attr-defined]
    while chunk := os.read(descriptor, 65536):
        chunks.put((name, chunk))
    chunks.put((name, b""))
