"""Programs that tests kill, started fast: one stays up with its imports done and forks for each order.

The program calls `obey`; a test makes a `Runner` of it and gives orders, each a line of JSON. A fork is a process like
any other: it ends as it is told to, and what it prints is read.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

TESTS = Path(__file__).parent


class Runner:
    """The side of the tests."""

    def __init__(self, program: Path) -> None:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])}
        command = [sys.executable, str(program)]
        self._process = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the program in a process of its own, to its end."""
        orders, answers = _both(self._process)
        orders.write(f"{json.dumps({'arguments': list(arguments), 'environ': dict(environ)})}\n")
        orders.flush()
        answer = json.loads(answers.readline())
        return subprocess.CompletedProcess(list(arguments), answer["code"], answer["stdout"], answer["stderr"])

    def end(self) -> None:
        orders, answers = _both(self._process)
        orders.close()
        answers.close()
        self._process.wait(10)


def _both(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def obey(run: Callable[[list[str]], None]) -> None:
    """Fork for each order until there are no more; `run` gets its arguments, in its environment."""
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        order = json.loads(line)
        with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(stdout.fileno(), 1)
                os.dup2(stderr.fileno(), 2)
                os.environ.clear()
                os.environ.update(order["environ"])
                run(order["arguments"])
                sys.exit()
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = {"stdout": _read(stdout), "stderr": _read(stderr)}
        answers.write(f"{json.dumps({'code': code, **texts})}\n")
        answers.flush()


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
