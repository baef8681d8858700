"""A process of Pulumi that can't outlive us: it is started below a reaper, to which we hold a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tenantry.engine.run import reaper


class Process:
    """A running command of Pulumi, and everything that it starts."""

    def __init__(self, reaper_process: subprocess.Popen[bytes], orders: int) -> None:
        self._process = reaper_process
        self._orders = orders

    def communicate(self, seconds: float | None = None) -> tuple[bytes, bytes]:
        """Wait for its end, and return its standard output and error; it must be started with pipes.

        Raises subprocess.TimeoutExpired where it takes longer than `seconds`.
        """
        return self._process.communicate(timeout=seconds)

    @property
    def exit_code(self) -> int:
        """How it ended: Pulumi's own code, or minus the signal that killed it."""
        return self._process.returncode

    def interrupt(self) -> None:
        """Ask Pulumi to end, as Ctrl-C does; on the second time it does not wait for steps in progress."""
        self._order(reaper.INTERRUPT)

    def kill(self) -> None:
        """Kill it, and everything that it started."""
        self._order(reaper.KILL)

    def has_ended(self, seconds: float) -> bool:
        """Wait for at most `seconds`, and return whether it has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _order(self, letter: bytes) -> None:
        with suppress(BrokenPipeError):  # it has just ended
            os.write(self._orders, letter)


@contextmanager
def start(
    command: list[str],
    folder: Path,
    environ: Mapping[str, str],
    *,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] = subprocess.PIPE,
) -> Iterator[Process]:
    """Start a command; when the context ends, by an error of ours or a signal, it has ended too, killed if need be.

    It is in a process group of its own, or Ctrl-C would reach it twice, and the second makes Pulumi drop everything.
    """
    lifeline, orders = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__, str(lifeline), *command],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            process_group=0,
            pass_fds=[lifeline],
        )
    except BaseException:
        os.close(orders)
        raise
    finally:
        os.close(lifeline)
    try:
        yield Process(process, orders)
    finally:
        # When the pipe closes, the reaper takes us for dead: it interrupts Pulumi, and kills it if that does not help.
        os.close(orders)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        process.wait()
