"""The process between us and Pulumi: it starts Pulumi, interrupts it on our order, and ends all of it when we end.

It runs as a script of its own, with as little as possible of the standard library, so it is there within a hundredth of
a second: `python reaper.py FD COMMAND...`; pathlib alone would double that. FD is the end to read of a pipe whose other
end only we have. A letter in it is an order; its end means that we have ended, however we were killed. Exit code and
signal are Pulumi's.

On Linux every process below, whoever its parent was, comes to a subreaper, so all of them are found. Elsewhere those
are found whose parents still live.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
import time

INTERRUPT, KILL = b"i", b"k"
REMOVED_VARIABLE = "TENANTRY_REMOVED_AFTER"
"""Names a folder of a run that is removed where we are gone and can't do it. Pulumi does not get the variable."""
GRACE = 5.0
"""Seconds that an interrupted Pulumi gets when we are gone. Its plugin ended with us, so it waits for no call; it
writes the state and frees its lock."""

_SECONDS_TO_KILL = 5.0
_SECONDS_BETWEEN_LOOKS = 0.01
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_NOT_FOUND = 127
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Run the command to its end and end as it did."""
    lifeline, command, aside = int(sys.argv[1]), sys.argv[2:], os.environ.pop(REMOVED_VARIABLE, None)
    for number in _SIGNALS:
        # They are for us, and we pass on those that Pulumi needs; a signal that we ignore would be ignored by Pulumi,
        # too.
        signal.signal(number, lambda *_: None)
    _call_prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = os.fork()
    if not child:
        _become(command)
    ended, doomed = threading.Event(), threading.Event()
    threading.Thread(target=_obey, args=(lifeline, child, ended, doomed), daemon=True).start()
    status = _status_of(child)
    ended.set()
    if doomed.is_set() or os.WIFSIGNALED(status):
        kill_below()
        _remove(aside)
    _end_as(status)


def kill_below() -> None:
    """Kill all processes below this one, and those that they start meanwhile."""
    until = time.monotonic() + _SECONDS_TO_KILL
    while (found := _list_below(os.getpid())) and time.monotonic() < until:
        for process in found:
            _send_signal(process, signal.SIGKILL)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _remove(folder: str | None) -> None:
    if folder:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def _become(command: list[str]) -> None:
    """Become Pulumi, which ends together with this process even if that is killed."""
    _call_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.execv(command[0], command)  # noqa: S606  # a list of our own, and no shell
    except OSError as error:
        os.write(2, f"error: {command[0]} can't be started: {error.strerror}\n".encode())
    os._exit(_NOT_FOUND)


def _obey(lifeline: int, child: int, ended: threading.Event, doomed: threading.Event) -> None:
    """Carry out orders; when no more orders can come, end everything."""
    while order := os.read(lifeline, 1):
        if order == KILL:
            doomed.set()
            kill_below()
        else:
            _interrupt(child, ended)
    doomed.set()
    _interrupt(child, ended)
    if not ended.wait(GRACE):
        kill_below()


def _interrupt(child: int, ended: threading.Event) -> None:
    if not ended.is_set():
        _send_signal(child, signal.SIGINT)


def _send_signal(process: int, number: int) -> None:
    """Send a signal to a process, if it is still there."""
    try:
        os.kill(process, number)
    except OSError:
        return


def _status_of(child: int) -> int:
    """Wait for the command, and reap orphans that came to us."""
    while True:
        process, status = os.wait()
        if process == child:
            return status


def _end_as(status: int) -> None:
    if not os.WIFSIGNALED(status):
        os._exit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number != signal.SIGKILL:  # which has no handler to set
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def _list_below(top: int) -> list[int]:
    """Return the processes below a process, parents first, without those that have ended."""
    children: dict[int, list[int]] = {}
    for process, parent in _list_processes():
        children.setdefault(parent, []).append(process)
    below = list(children.get(top, ()))
    for process in below:
        below += children.get(process, ())
    return below


def _list_processes() -> list[tuple[int, int]]:
    """Return each living process with its parent."""
    if sys.platform != "linux":
        return _ask_for_processes()
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):  # noqa: PTH208
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
                state, parent = stat.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if state not in "ZX":
            found.append((int(name), int(parent)))
    return found


def _ask_for_processes() -> list[tuple[int, int]]:
    import subprocess

    command = ["/bin/ps", "-A", "-o", "pid=,ppid=,state="]
    table = subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout
    rows = [line.split()[:3] for line in table.splitlines()]
    return [(int(process), int(parent)) for process, parent, state in rows if not state.startswith("Z")]


def _call_prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


if __name__ == "__main__":
    main()
