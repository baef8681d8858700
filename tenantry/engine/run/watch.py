"""One run of Pulumi: start it, read its events as they come, and stop it when the user interrupts."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tenantry.engine.events.event import Event
from tenantry.engine.events.event_log import EventLog
from tenantry.engine.run.life_lock import RUN_VARIABLE, hold
from tenantry.engine.run.process import Process, start

OnEvent = Callable[[Event], None]
OnIdle = Callable[[], None]
_SECONDS_BETWEEN_READS = 0.05


@dataclass(frozen=True)
class SilenceLimits:
    """How many seconds an interrupted run may be silent before the next step is taken.

    After the first limit Pulumi is asked to drop steps in progress; after the second all of it is killed. One more
    signal does the same at once.
    """

    first: float
    second: float = 5.0


@dataclass(frozen=True)
class Ended:
    """A Pulumi process that has ended; `output` is what it printed beside its events."""

    exit_code: int
    events: tuple[Event, ...]
    output: str
    interrupted: bool
    is_whole: bool = True
    """Whether its log has every event, up to the one that ends a run."""
    lack: str | None = None
    """Why its event log may have been cut, if it is not whole."""


@dataclass(frozen=True)
class Running:
    """A Pulumi process that was started, with the files that it writes into."""

    process: Process
    interrupts: _Interrupts
    events: EventLog
    log: Path
    output: Path

    def finish(self, on_event: OnEvent, on_idle: OnIdle) -> Ended:
        """Hand each event to `on_event` until the process has ended; `on_idle` hears now and then that time passed."""
        try:
            reported = tuple(_report_events(self.events, self.process, self.interrupts, on_event, on_idle))
        finally:
            _end(self.process, self.interrupts)
        return Ended(
            self.process.exit_code,
            reported,
            self.output.read_text(encoding="utf-8", errors="replace"),
            interrupted=self.interrupts.came > 0,
            is_whole=self.events.is_whole,
            lack=None if self.events.is_whole else find_lack_of_room(self.log),
        )


@contextmanager
def watch(command: list[str], folder: Path, environ: Mapping[str, str], limits: SilenceLimits) -> Iterator[Running]:
    """Start a Pulumi command that takes `--event-log`; in a context that ends before it, it is interrupted."""
    with tempfile.TemporaryDirectory(prefix="tenantry-run-") as aside, hold(Path(aside, "run")):
        log, output = Path(aside, "events.json"), Path(aside, "output.txt")
        log.touch()
        flags = ["--non-interactive", "--suppress-progress", "--event-log", str(log)]
        ours = {"PULUMI_DEBUG_COMMANDS": "true", RUN_VARIABLE: str(Path(aside, "run"))}
        with output.open("wb") as sink, log.open(encoding="utf-8", errors="replace") as lines:
            whole_command, variables = [*command, *flags], {**environ, **ours}
            with (
                start(whole_command, folder, variables, stdout=sink, stderr=subprocess.STDOUT) as process,
                _interrupts_of(process, limits) as interrupts,
            ):
                try:
                    yield Running(process, interrupts, EventLog(lines), log, output)
                finally:
                    _end(process, interrupts)


@dataclass
class _Interrupts:
    """The signals that came during a run, and what was done about them.

    Each step is done once: Pulumi is interrupted, is interrupted again and drops what it has begun, is killed.
    """

    process: Process
    limits: SilenceLimits
    came: int = 0
    done: int = 0
    since: float = field(default_factory=time.monotonic)

    def take(self, _number: int, _frame: FrameType | None) -> None:
        """Do the next step: a signal came."""
        self.came += 1
        self.step()

    def look(self) -> None:
        """Do the next step if the last one had no effect in time."""
        if self.done and time.monotonic() - self.since > (self.limits.first, self.limits.second)[self.done > 1]:
            self.step()

    def heard(self) -> None:
        """Note that the run goes on."""
        if self.done < 2:
            self.since = time.monotonic()

    def step(self) -> None:
        """Do the next step."""
        self.done += 1
        self.since = time.monotonic()
        if self.done < 3:
            self.process.interrupt()
        else:
            self.process.kill()


@contextmanager
def _interrupts_of(process: Process, limits: SilenceLimits) -> Iterator[_Interrupts]:
    """Hand Ctrl-C, SIGTERM and the end of the terminal to Pulumi, which then finishes what it has begun."""
    interrupts = _Interrupts(process, limits)
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    wanted = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        wanted.append(signal.SIGHUP)
    before = {number: signal.signal(number, interrupts.take) for number in wanted}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report_events(
    log: EventLog, process: Process, interrupts: _Interrupts, on_event: OnEvent, on_idle: OnIdle
) -> Iterator[Event]:
    ended = False
    while True:
        for event in log.read():
            interrupts.heard()
            on_event(event)
            yield event
        if ended:
            return
        on_idle()
        interrupts.look()
        # One more round after the end: events written between the last read and the end are still unread.
        ended = process.has_ended(_SECONDS_BETWEEN_READS)


def _end(process: Process, interrupts: _Interrupts) -> None:
    # It still runs only after an error of ours; then it may finish steps in progress, as after Ctrl-C.
    if not process.has_ended(0):
        interrupts.step()
    while not process.has_ended(_SECONDS_BETWEEN_READS):
        interrupts.look()


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
