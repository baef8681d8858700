"""Starts our command line fast: a process that has imported what commands need forks one for each of them.

Python and its imports are 0.7 s of every command, and these tests run hundreds. The command is then a process like any
other: with its environment, folder and streams, and it ends as the console script does. What is killed, or told another
locale or path of Python's, is started for real (`starts_alike`).

An order is a message of two file descriptors, for the output and for the exit code, and JSON.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import select
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from tenantry.cli import COMMANDS, main, module_of
from tenantry.manifest.load import load

SAMPLE = Path(__file__).resolve().parents[2]
TENANTRY = Path(sysconfig.get_path("scripts"), "tenantry")
HEAVY = (
    "tenantry.providers.existing",
    "twilio.rest.api.v2010.account.usage.trigger",
    "twilio.rest.events.v1.subscription",
    "twilio.rest.iam.v1.api_key",
)
"""What commands import beside their own modules, when they need it."""
AT_START = ("PYTHON", "LC_", "LANG")
"""What Python looks at as it starts."""
CHUNK = 65_536
LONGEST = 1_000_000  # bytes of an order


class Nursery:
    """The side of the tests."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST)
        command = [sys.executable, __file__, str(theirs.fileno())]
        # Pipes, so that Python makes its streams as those of a command are: it can't seek in them.
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], **streams)
        theirs.close()

    def run(
        self, arguments: Sequence[str], folder: Path, environ: Mapping[str, str], seconds: float
    ) -> tuple[int, str]:
        """Run a command to its end; return its exit code, and what it and all that it started printed."""
        (output, theirs), (status, code) = os.pipe(), os.pipe()
        order = json.dumps({"arguments": list(arguments), "folder": str(folder), "environ": dict(environ)}).encode()
        try:
            socket.send_fds(self._ours, [order], [theirs, code])
        except BrokenPipeError:
            raise RuntimeError(self._last_words()) from None
        os.close(theirs)
        os.close(code)
        end = time.monotonic() + seconds
        try:
            printed, answer = _read(output, end), _read(status, end)
        finally:
            os.close(output)
            os.close(status)
        if not answer:
            raise RuntimeError(self._last_words())
        return int(answer), _as_text(printed)

    def end(self) -> None:
        self._last_words()

    def _last_words(self) -> str:
        """End it, and return what it printed: nothing, unless it failed."""
        self._ours.close()
        if self._process.stdout is None or self._process.stdout.closed:
            return ""
        return self._process.communicate(timeout=10)[0].decode()


@cache
def nursery() -> Nursery:
    """Return the one of this process."""
    created = Nursery()
    atexit.register(created.end)
    return created


def starts_alike(environ: Mapping[str, str]) -> bool:
    """Say whether Python would start with this environment as it did for the nursery."""
    names = {name for name in (*environ, *os.environ) if name.startswith(AT_START)}
    return all(environ.get(name) == os.environ.get(name) for name in names)


def _as_text(printed: bytes) -> str:
    """Return what was printed as subprocess does, with one sign for the end of a line."""
    return io.TextIOWrapper(io.BytesIO(printed), encoding="utf-8").read()


def _read(pipe: int, end: float) -> bytes:
    chunks = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise TimeoutError("the command did not end in time")
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _serve(orders: socket.socket) -> None:
    for module in (*(f"tenantry.cli.{module_of(command)}" for command in COMMANDS), *HEAVY):
        importlib.import_module(module)
    load(SAMPLE)  # builds the models that read manifests, once for all commands
    gc.freeze()
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, LONGEST, 2)
        if not order:
            break
        if os.fork() == 0:
            orders.close()
            _run(json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with suppress(ChildProcessError):  # of those before, so that their CPU time is counted
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _run(order: Mapping[str, Any], output: int, code: int) -> NoReturn:
    """Run a command in a process of its own, and tell its exit code when it has ended."""
    command = os.fork()
    if command == 0:
        os.close(code)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        _become_command(**order)
    os.close(output)
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):
        os.write(code, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become_command(arguments: list[str], folder: str, environ: dict[str, str]) -> NoReturn:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    tempfile.tempdir = None
    sys.argv = [str(TENANTRY), *arguments]
    sys.exit(main())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
