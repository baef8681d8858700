"""The program that our commands start in place of Pulumi's host: its order, its words, its end."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from conftest_engine import ends
from e2e_nursery import nursery, warm_environment
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tenantry.engine.install.find import Engine
from tenantry.engine.install.interpreter import EXECUTOR
from tenantry.engine.run.program import Program, start_program

SAYS = """\
import json, os, sys
print("out", flush=True)
print("err", file=sys.stderr, end="", flush=True)
with open("says", "w") as file:
    json.dump([sys.argv, os.environ.get("PULUMI_CONFIG"), sys.stdin.read()], file)
"""
SLEEPS = """\
import os, time
with open("pid", "w") as file:
    file.write(str(os.getpid()))
time.sleep(600)
"""
OURS = """\
import os, sys, time
import grpc
from pathlib import Path
from pulumi.runtime.proto import language_pb2, language_pb2_grpc
from tenantry.engine.install.find import Engine
from tenantry.engine.run.program import start_program
folder = Path(sys.argv[1])
with start_program(folder, Engine(folder / "pulumi", (3, 259, 0), "PATH"), os.environ) as program:
    with grpc.insecure_channel(program.arguments[1]) as channel:
        answer = language_pb2_grpc.LanguageRuntimeStub(channel).Run.future(language_pb2.RunRequest(project="tiny"))
        print("asked", flush=True)
        time.sleep(600)
"""

NO_HOST_OF_THE_MACHINE = {"PULUMI_IGNORE_AMBIENT_PLUGINS": "1"}
"""Else the executor is that beside Pulumi's own host, where it is on PATH."""


@dataclass(frozen=True)
class Waiting:
    """A program that waits for its order, and what Pulumi has of its host."""

    folder: Path
    program: Program
    host: Any
    end: Callable[[], object]

    def run(self, **fields: Any) -> Any:
        return self.host.Run(language_pb2.RunRequest(**{"project": "tiny", **fields}), timeout=60)

    def begin(self) -> tuple[Any, int]:
        """Order a program that sleeps; return the answer to come, and its process."""
        answer = self.host.Run.future(language_pb2.RunRequest(project="tiny"))
        return answer, int((self.folder / "pid").read_text())


def write_project(folder: Path, virtualenv: Path, executor: str) -> None:
    runtime = f"{{name: python, options: {{toolchain: pip, virtualenv: {virtualenv}}}}}"
    (folder / "Pulumi.yaml").write_text(f"name: tiny\nruntime: {runtime}\n")
    (folder / "pulumi").touch()
    (folder / EXECUTOR).write_text(executor)
    os.mkfifo(folder / "pid")


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[str], Waiting]]:
    """`start("print(1)")`: a program with this executor."""
    with ExitStack() as until_end:

        def start_executor(text: str) -> Waiting:
            write_project(tmp_path, warm_environment(), text)
            environ = {**os.environ, **nursery().variables, **NO_HOST_OF_THE_MACHINE}
            engine = Engine(tmp_path / "pulumi", (3, 259, 0), "PATH")
            run = until_end.enter_context(ExitStack())
            program = run.enter_context(start_program(tmp_path, engine, environ))
            channel = run.enter_context(grpc.insecure_channel(program.arguments[1]))
            return Waiting(tmp_path, program, language_pb2_grpc.LanguageRuntimeStub(channel), run.close)

        yield start_executor


def test_the_order_of_pulumi_becomes_the_arguments_of_the_executor(start, tmp_path):
    waiting = start(SAYS)
    info = language_pb2.ProgramInfo(root_directory="/owl", entry_point=".")
    places = {"args": ["127.0.0.1:1"], "monitor_address": "127.0.0.1:2", "organization": "owl", "info": info}
    config = {"tiny:word": "swordfish"}
    answer = waiting.run(project="tiny", stack="dev", parallel=64, dryRun=True, config=config, **places)
    assert answer == language_pb2.RunResponse()
    arguments = [
        *("--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1", "--project", "tiny", "--root_directory", "/owl"),
        *("--stack", "dev", "--dry_run", "true", "--parallel", "64", "--organization", "owl", "."),
    ]
    content = json.loads((tmp_path / "says").read_text())
    assert content == [[str(tmp_path / EXECUTOR), *arguments], json.dumps(config), ""]


def test_lines_that_it_prints_are_messages_and_the_last_needs_no_end(start):
    waiting = start(SAYS)
    waiting.run()
    output = waiting.program.output
    assert [(line.severity, line.message) for line in output.read()] == [("info", "out")]
    assert [(line.severity, line.message) for line in output.read(has_ended=True)] == [("info#err", "err")]
    assert list(output.read(has_ended=True)) == []


@pytest.mark.parametrize(
    ("executor", "answer"),
    [
        ("", language_pb2.RunResponse()),
        ("raise SystemExit(32)", language_pb2.RunResponse(bail=True)),
        ("raise ValueError", language_pb2.RunResponse(error="program exited with non-zero exit code: 1")),
        ("import os; os._exit(3)", language_pb2.RunResponse(error="program exited with non-zero exit code: 3")),
        (
            "import os; os.kill(os.getpid(), 9)",
            language_pb2.RunResponse(error="program exited with non-zero exit code: -1"),
        ),
    ],
)
def test_its_end_is_told_as_pulumis_host_tells_it(start, executor, answer):
    assert start(executor).run() == answer


def test_it_runs_once(start):
    waiting = start("")
    waiting.run()
    assert waiting.run().error == "the program of this run has begun already"


def test_pulumi_can_cancel_it(start):
    waiting = start(SLEEPS)
    answer, process = waiting.begin()
    answer.cancel()
    assert ends(process)


def test_pulumi_can_end_its_host(start):
    waiting = start(SLEEPS)
    answer, process = waiting.begin()
    waiting.host.Cancel(language_pb2.RunRequest())
    assert answer.result().error == "program exited with non-zero exit code: -1"
    assert ends(process)


def test_it_ends_with_the_run(start):
    waiting = start(SLEEPS)
    _, process = waiting.begin()
    waiting.end()
    assert ends(process)
    assert not Path(waiting.program.arguments[1].removeprefix("unix:")).exists()


def test_it_ends_when_our_command_is_killed(tmp_path):
    write_project(tmp_path, Path(sys.prefix), SLEEPS)
    ours = subprocess.Popen([sys.executable, "-c", OURS, tmp_path], env={**os.environ, **NO_HOST_OF_THE_MACHINE})
    process = int((tmp_path / "pid").read_text())
    ours.kill()
    ours.wait()
    assert ends(process)
