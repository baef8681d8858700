"""One Pulumi process: started, its events read as they come, stopped gently when the user wants it stopped."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from tenantry.engine.events.event import Event, parse_event

OnEvent = Callable[[Event], None]
OnIdle = Callable[[], None]
_SECONDS_BETWEEN_READS = 0.05


@dataclass(frozen=True)
class Ended:
    """A Pulumi process that has ended; `output` is what it printed beside its events."""

    exit_code: int
    events: tuple[Event, ...]
    output: str
    interrupted: bool


def watch(command: list[str], folder: Path, environ: Mapping[str, str], on_event: OnEvent, on_idle: OnIdle) -> Ended:
    """Run a Pulumi command that takes `--event-log`; hand each event to `on_event` while it runs.

    `on_idle` is called again and again while there is no event.
    """
    with tempfile.TemporaryDirectory(prefix="tenantry-run-") as aside:
        log, output = Path(aside, "events.json"), Path(aside, "output.txt")
        log.touch()
        flags = ["--non-interactive", "--suppress-progress", "--event-log", str(log)]
        with output.open("wb") as sink, log.open(encoding="utf-8") as lines:
            process = subprocess.Popen(
                [*command, *flags],
                cwd=folder,
                env={**environ, "PULUMI_DEBUG_COMMANDS": "true"},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
            with _interrupts_passed_on(process) as interrupts:
                try:
                    events = tuple(_reported(lines, process, on_event, on_idle))
                finally:
                    _end(process)
        return Ended(process.returncode, events, output.read_text(encoding="utf-8", errors="replace"), bool(interrupts))


@contextmanager
def _interrupts_passed_on(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Hand Ctrl-C and SIGTERM to Pulumi, which then finishes what it has begun; yield the list of those that came.

    Pulumi is in a process group of its own, or Ctrl-C would reach it twice, and the second makes it drop everything.
    """
    came: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        process.send_signal(signal.SIGINT)

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reported(lines: TextIO, process: subprocess.Popen[bytes], on_event: OnEvent, on_idle: OnIdle) -> Iterator[Event]:
    for line in _lines_while_running(lines, process, on_idle):
        event = parse_event(line)
        if event is not None:
            on_event(event)
            yield event


def _lines_while_running(lines: TextIO, process: subprocess.Popen[bytes], on_idle: OnIdle) -> Iterator[str]:
    begun, ended = "", False
    while True:
        begun += lines.readline()
        if begun.endswith("\n"):
            yield begun
            begun = ""
        elif ended:
            return
        else:
            on_idle()
            # One more round after the end: what was written between the last read and the end is still to be read.
            ended = _has_ended(process, _SECONDS_BETWEEN_READS)


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    # Only after an error of ours is it still running; then it may finish what it has begun, as after Ctrl-C.
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    while not _has_ended(process, _SECONDS_BETWEEN_READS):
        pass
