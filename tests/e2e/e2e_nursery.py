"""Starts our processes fast: a process that has imported what they need, the nursery, forks one for each of them.

Python and its imports are most of what a small `up` costs: 0.7 s of each command, program, plugin and policy pack, and
half of that of a stand-in language host. The fork is a process like any other, with its environment, folder and
streams. Pulumi and the shell start a door in place of Python (e2e_nursery_door.py), which asks the nursery that the
environment names. Cold, as users start it, is what has no such environment: what is killed, or told another locale or
path of Python's.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import io
import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import e2e_nursery_door as door

from tenantry.engine.install.find import Engine, is_stand_in, language_host
from tenantry.engine.install.toolchain import add_uv_to_path

HERE = Path(__file__).parent
TENANTRY = Path(sysconfig.get_path("scripts"), "tenantry")
CHUNK = 65_536
FIND_FOLDER = 'here=$(cd "$(dirname "$0")" && pwd)'
"""How the stand-in language host finds its folder, by two processes more; Pulumi starts it by its whole path."""
SECONDS_TO_END = 60


class Nursery:
    """The side of the tests."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="nursery-"))
        self._address = str(self._folder / "socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self._address)
            listener.listen()
            command = [sys.executable, str(HERE / "e2e_nursery_server.py"), str(listener.fileno())]
            # Pipes, so that Python makes its streams as those of a command are: it can't seek in them.
            streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, pass_fds=[listener.fileno()], **streams)

    @property
    def variables(self) -> dict[str, str]:
        """The environment that leads doors to it."""
        return {door.NURSERY: self._address}

    def run(
        self, arguments: Sequence[str], folder: Path, environ: Mapping[str, str], seconds: float
    ) -> tuple[int, str]:
        """Run a command of ours to its end; return its exit code, and what it and all that it started printed.

        Raises TimeoutError, and then the command is killed.
        """
        end = time.monotonic() + seconds
        (output, theirs), nothing = os.pipe(), os.open(os.devnull, os.O_RDONLY)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as process:
            try:
                process.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, door.LONGEST)
                process.connect(self._address)
                order = marshal.dumps(("tenantry", list(arguments), str(folder), dict(environ)))
                socket.send_fds(process, [order], [nothing, theirs, theirs])
                for stream in (nothing, theirs):
                    os.close(stream)
                printed = b"".join(_read(output, end))
                process.settimeout(seconds)
                answer = process.recv(CHUNK) and process.recv(CHUNK)
            except (BrokenPipeError, ConnectionError):
                answer = b""
            finally:
                os.close(output)
        if not answer:
            raise RuntimeError(self.end())
        # With one sign for the end of a line, as subprocess returns it.
        return int(answer), io.TextIOWrapper(io.BytesIO(printed), encoding="utf-8").read()

    def end(self) -> str:
        """End it, and return what it printed: nothing, unless it failed."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._process.returncode is not None:
            return ""
        return self._process.communicate(timeout=SECONDS_TO_END)[0].decode()


def starts_alike(environ: Mapping[str, str]) -> bool:
    """Say whether Python would start with this environment as it did for the nursery."""
    return door.starts_alike(environ, os.environ)


@cache
def nursery() -> Nursery:
    """Return the one of this process."""
    created = Nursery()
    atexit.register(created.end)
    return created


def warm_environment() -> Path:
    """Return a virtual environment like this one, in which Python is a door."""

    def make(folder: Path) -> None:
        (folder / "bin").mkdir()
        for path in Path(sys.prefix).iterdir():
            if path.name not in ("bin", Path(_warm()).name):
                (folder / path.name).symlink_to(path)
        for path in Path(sys.prefix, "bin").iterdir():
            if path.name not in ("python", TENANTRY.name):
                (folder / "bin" / path.name).symlink_to(path)
        for name in ("python", TENANTRY.name):
            _write_door(folder / "bin" / name, sys.executable)

    return _made_once("environment", sys.executable, make)


def warm_engine(engine: Engine, environ: Mapping[str, str]) -> Engine:
    """Return an engine with the same binary, whose stand-in language host has a door for its Python.

    Pulumi's own language host is a binary: with that the engine is returned as it is.
    """
    host = language_host(engine, environ)
    binary = engine.binary.resolve()
    if not is_stand_in(host) or host.parent != binary.parent or not (host.parents[1] / "python").is_dir():
        return engine

    uv = _fast_uv(environ)

    def make(folder: Path) -> None:
        (folder / "bin").mkdir()
        (folder / "python" / "bin").mkdir(parents=True)
        for path in binary.parent.iterdir():
            _copy(path, folder / "bin" / path.name)
        _shorten(folder / "bin" / host.name, FIND_FOLDER, "here=${0%/*}")
        if uv:
            _write_script(folder / "bin" / "uv", uv)
        for path in host.parents[1].glob("host-*"):
            (folder / path.name).symlink_to(path)
        _write_door(folder / "python" / "bin" / "python", str(host.parents[1] / "python" / "bin" / "python"))

    place = _made_once("engine", f"{binary}{binary.stat().st_mtime_ns}{host.read_text()}{uv}", make)
    return replace(engine, binary=place / "bin" / "pulumi")


def _warm() -> Path:
    """Return the folder of what the workers of all runs share. In the environment, so that it goes when that goes."""
    return Path(sys.prefix, "warm")


def _made_once(name: str, facts: str, make: Callable[[Path], None]) -> Path:
    source = Path(door.__file__).read_bytes() + Path(__file__).read_bytes()
    place = _warm() / f"{name}-{hashlib.sha256(facts.encode() + source).hexdigest()[:12]}"
    _warm().mkdir(exist_ok=True)
    with (_warm() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            aside = Path(tempfile.mkdtemp(dir=_warm()))
            make(aside)
            aside.rename(place)
    return place


def _write_door(path: Path, cold: str) -> None:
    source = Path(door.__file__).read_text().replace("@COLD@", cold).replace("@COLD_COMMAND@", str(TENANTRY))
    _write_script(path, f"#!{sys.executable} -IS\n{source}")


def _write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _shorten(script: Path, line: str, shorter: str) -> None:
    text = script.read_text()
    assert line in text
    script.unlink()  # it may be a link to that of the engine
    _write_script(script, text.replace(line, shorter))


def _fast_uv(environ: Mapping[str, str]) -> str | None:
    """Return a uv that knows the version of the real one, for which a language host asks three times a run."""
    real = shutil.which("uv", path=add_uv_to_path(environ))
    if real is None:
        return None
    version = subprocess.run([real, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f'#!/bin/sh\n[ "$*" = --version ] && echo "{version}" || exec "{real}" "$@"\n'


def _copy(source: Path, target: Path) -> None:
    # Not a symbolic link: Pulumi follows those to its own folder and warns of a language host that is elsewhere.
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def _read(pipe: int, end: float) -> list[bytes]:
    chunks = []
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise TimeoutError("the command did not end in time")
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return chunks
        chunks.append(chunk)
