"""The program of a run, started by us in place of Pulumi's language host.

Pulumi (3.259) starts its host twice a run, and each time that asks uv twice: half a second of a small preview. Here
Pulumi is given the address of a host that runs already, as the Automation API does it (`--client`): it is this
process, and the program imports the SDK while Pulumi starts. The executor of the host that Pulumi would have started
runs it, so a program sees and says the same. Where anything else could differ, Pulumi starts its host.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenantry.engine.install.find import Engine
from tenantry.engine.install.interpreter import Interpreter, find_interpreter
from tenantry.engine.run import program_process
from tenantry.engine.run.program_output import ProgramOutput

SERVICE, SOCKET = "pulumirpc.LanguageRuntime", "host"
LONGEST_ADDRESS = 100
"""Bytes. Names of sockets have room for 104 on some systems."""
SHOWN = 32
"""The executor's exit code for a program whose error has been shown."""


@dataclass(frozen=True)
class Program:
    """What Pulumi is told about the program of a run: nothing, where it starts its own host."""

    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    output: ProgramOutput | None = None


@contextmanager
def start_program(folder: Path, engine: Engine, environ: Mapping[str, str]) -> Iterator[Program]:
    """Start the program of a project, which waits for Pulumi; in a context that ends before it, it is killed.

    Yields an empty one where Pulumi's own host has to start it.
    """
    interpreter = find_interpreter(folder, engine, environ)
    with tempfile.TemporaryDirectory(prefix="tenantry-host-") as aside:
        address = f"unix:{aside}/{SOCKET}"
        if interpreter is None or len(address) > LONGEST_ADDRESS:
            yield Program()
            return
        with _start(interpreter, folder, Path(aside)) as started, _serve(started, address):
            output = ProgramOutput(Path(aside, "stdout"), Path(aside, "stderr"))
            yield Program(("--client", address), interpreter.variables, output)


@contextmanager
def _start(interpreter: Interpreter, folder: Path, aside: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process, which imports what programs need and waits for its order on standard input."""
    with (aside / "stdout").open("wb") as stdout, (aside / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            [str(interpreter.python), "-u", program_process.__file__, str(interpreter.executor)],
            cwd=folder,
            env=dict(interpreter.environ),
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            process_group=0,  # Ctrl-C is for Pulumi, which then cancels the program
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _serve(process: subprocess.Popen[bytes], address: str) -> Iterator[None]:
    """Answer as a language host does, in threads, for the run of one program."""
    from concurrent.futures import ThreadPoolExecutor

    import grpc

    methods = {
        "Run": grpc.unary_unary_rpc_method_handler(_Order(process).run),
        "Cancel": grpc.unary_unary_rpc_method_handler(lambda _request, _context: _kill(process)),
        **{
            name: grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"")
            for name in ("About", "GetPluginInfo", "GetProgramDependencies", "GetRequiredPackages")
        },
    }
    # Messages are left as they are: reading them takes the SDK, which the program imports meanwhile.
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", -1)])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    server.add_insecure_port(address)
    server.start()
    try:
        yield
    finally:
        process.kill()  # or a call for it would not end
        server.stop(None).wait()


class _Order:
    """The one order that a program gets."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._stdin = process.stdin

    def run(self, request: bytes, context: Any) -> bytes:
        """Hand the request on, and return how the program ended (RunResponse of pulumi/language.proto)."""
        context.add_callback(self._interrupt)
        stdin, self._stdin = self._stdin, None
        if stdin is None:
            return _fail("the program of this run has begun already")
        with suppress(BrokenPipeError), stdin:  # it may have ended, which its exit code explains
            stdin.write(request)
        return _answer(self._process.wait())

    def _interrupt(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)


def _answer(code: int) -> bytes:
    """Return what a host answers for a program's exit code."""
    if code == 0:
        return b""
    if code == SHOWN:
        return b"\x10\x01"  # bool bail = 2
    # Go reports -1 for a program that a signal ended, Python the signal's negative number.
    return _fail(f"program exited with non-zero exit code: {max(code, -1)}")


def _fail(error: str) -> bytes:
    """Return the answer for a program that failed, in fewer than 128 letters: `string error = 1`."""
    return b"\x0a" + bytes([len(error)]) + error.encode()


def _kill(process: subprocess.Popen[bytes]) -> bytes:
    process.kill()
    return b""
