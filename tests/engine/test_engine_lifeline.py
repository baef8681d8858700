"""Whatever kills Pulumi, nothing that it started goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from conftest_engine import ROOT, ends, processes_with
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc
from tiny_projects import TinyProject

from tenantry.engine.run import lifeline
from tenantry.engine.run.environment import environment

PLUGIN = [ROOT / "plugin" / "pulumi-resource-pulumi-python"]
ENVIRONMENT = {"PULUMI_RUNTIME_VIRTUALENV": sys.prefix, "PULUMI_PYTHON_CMD": sys.executable}


@pytest.fixture
def stand_in(installed_stand_in) -> list[Path]:
    return [installed_stand_in.binary.with_name("pulumi-language-python")]


@pytest.fixture
def commands(stand_in) -> dict[str, list[Path]]:
    return {"plugin": PLUGIN, "stand-in": stand_in}


def test_a_plugin_ends_when_its_parent_is_killed(orphan):
    assert ends(orphan(PLUGIN, **ENVIRONMENT))


def test_a_stand_in_ends_when_its_parent_is_killed(orphan, stand_in):
    assert ends(orphan(stand_in, **ENVIRONMENT))


@pytest.mark.parametrize("name", ["plugin", "stand-in"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once(commands, name, number):
    process = subprocess.Popen(commands[name], env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert int(process.stdout.readline()) > 0
    process.send_signal(number)
    assert process.wait(timeout=120) in (0, -number)
    process.stdout.close()


def test_a_process_whose_parent_lives_is_no_orphan():
    assert not lifeline.is_parent_gone()


def test_the_lifeline_ends_a_process_without_the_kernels_help(orphan):
    code = "import sys; sys.platform = 'darwin'; from tenantry.engine.run import lifeline; import threading; "
    code += "lifeline.die_with_parent(); print('ready', flush=True); threading.Event().wait()"
    assert ends(orphan([sys.executable, "-c", code]))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_plugin_of_a_killed_pulumi_ends_whatever_its_language_host_does(tiny_project, tmp_path):
    started = _processes_of_killed(tiny_project.cold, tmp_path)
    plugins = {process for process, command in started.items() if "tenantry.plugin.server" in command}
    assert len(plugins) == 1
    assert all(ends(process) for process in plugins)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_lives_on_that_a_killed_pulumi_started_with_the_stand_in(tiny_on_stand_in, tmp_path):
    started = _processes_of_killed(tiny_on_stand_in, tmp_path)
    assert len(started) >= 3
    assert all(ends(process) for process in started)


@pytest.fixture(autouse=True)
def _nothing_lives_on_after_a_test(tmp_path):
    # Pulumi's own language host sees only after minutes that its engine is gone.
    yield
    for process in processes_with(f"TINY_REACHED={tmp_path / 'reached'}"):
        os.kill(process, signal.SIGKILL)


def _processes_of_killed(tiny: TinyProject, folder: Path) -> dict[int, str]:
    """Kill Pulumi while a provider is asked for a create; return what it had started, with its command lines."""
    reached = folder / "reached"
    os.mkfifo(reached)
    project = tiny.where(TINY_TOGETHER="2", TINY_TENANTS="acme", TINY_REACHED=str(reached))
    command = [project.engine.binary, "up", "--yes", "--skip-preview", "--non-interactive", "--stack", project.stack]
    pulumi = subprocess.Popen(command, cwd=project.folder, env=environment(project), stdout=subprocess.DEVNULL)
    assert reached.read_text() == "create"
    started = processes_with(f"TINY_REACHED={reached}") - {pulumi.pid}
    commands = {process: Path(f"/proc/{process}/cmdline").read_text() for process in started}
    pulumi.kill()
    pulumi.wait()
    return commands


@pytest.fixture
def slow_program(tmp_path, stand_in):
    """A stand-in that runs a program which says its process id and then never ends."""
    pid_file = tmp_path / "pid"
    os.mkfifo(pid_file)
    executor = tmp_path / "executor.py"
    executor.write_text(f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    host_folder = next(stand_in[0].parent.parent.glob("host-*"))
    command = [sys.executable, "-u", host_folder, "--executor", executor, "--engine-version", "v0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield process, language_pb2_grpc.LanguageRuntimeStub(channel), pid_file
    process.kill()
    process.wait()
    process.stdout.close()


def _request(folder: Path) -> language_pb2.RunRequest:
    options = struct_pb2.Struct()
    options.update({"virtualenv": sys.prefix})
    info = language_pb2.ProgramInfo(root_directory=str(folder), program_directory=str(folder), options=options)
    return language_pb2.RunRequest(project="tiny", stack="dev", info=info)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_program_ends_when_its_language_host_is_killed(slow_program, tmp_path):
    process, stub, pid_file = slow_program
    answer = stub.Run.future(_request(tmp_path))
    program = int(pid_file.read_text())
    process.kill()
    assert ends(program)
    assert answer.exception() is not None


def test_a_program_ends_when_the_engine_cancels_it(slow_program, tmp_path):
    _, stub, pid_file = slow_program
    answer = stub.Run.future(_request(tmp_path))
    program = int(pid_file.read_text())
    answer.cancel()
    assert ends(program)
