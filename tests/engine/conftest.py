"""The engine under test: the real CLI, with the stand-in language host and the plugin of this source tree."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest_engine import ROOT, is_alive

from tenantry.engine.install.find import Engine, NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, select_stack

PROJECT = """\
name: tiny
runtime: {{name: python, options: {{toolchain: uv, virtualenv: {virtualenv}}}}}
plugins: {{providers: [{{name: pulumi-python, path: {plugin}}}]}}
"""


@pytest.fixture(scope="session")
def pulumi_engine() -> Engine:
    """The engine of this machine; nothing is downloaded for a test."""
    try:
        return find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)


@pytest.fixture(scope="session")
def installed_stand_in(tmp_path_factory: pytest.TempPathFactory, pulumi_engine: Engine) -> Engine:
    """The real CLI with the stand-in of this source tree beside it, whatever the cache holds."""
    place = tmp_path_factory.mktemp("engine")
    bin_folder = place / "bin"
    bin_folder.mkdir()
    for name in ("pulumi", "pulumi-language-python-exec"):
        _same_file(pulumi_engine.binary.resolve().with_name(name), bin_folder / name)
    code = "import sys; from pathlib import Path; from installer.host import install_host; "
    code += "install_host(Path(sys.argv[1]), 'v0.0.1')"
    subprocess.run([sys.executable, "-c", code, place], cwd=ROOT / "tools" / "engine", check=True)
    return Engine(bin_folder / "pulumi", pulumi_engine.version, "cache")


def _same_file(source: Path, target: Path) -> None:
    # Not a symbolic link: Pulumi follows those to its own folder and warns of a language host that is elsewhere.
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def tiny_project(tmp_path_factory: pytest.TempPathFactory, installed_stand_in: Engine) -> "TinyProject":
    """A project with a component and dynamic resources, and a stack of its own."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "Pulumi.yaml").write_text(PROJECT.format(virtualenv=sys.prefix, plugin=ROOT / "plugin"))
    for source in (Path(__file__).parent / "tiny").glob("*.py"):
        (folder / source.name).write_text(source.read_text())
    environ = {**os.environ, **local_backend(folder / "backend"), "PULUMI_PYTHON_CMD": sys.executable}
    project = Project(folder, "dev", installed_stand_in, environ)
    select_stack(project)
    return TinyProject(project)


@dataclass(frozen=True)
class TinyProject:
    """`tests/engine/tiny`, steered by environment variables."""

    project: Project

    def where(self, **variables: str) -> Project:
        """Return the project with these variables set."""
        project = self.project
        return Project(project.folder, project.stack, project.engine, {**project.environ, **variables})


@pytest.fixture
def orphan() -> Iterator[Callable[..., int]]:
    """Start a program under a parent, kill that parent, return the program's process id."""
    started: list[int] = []

    def start(command: list[str | Path], **environ: str) -> int:
        code = "import subprocess, sys, time; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE); "
        code += "p.stdout.readline(); print(p.pid, flush=True); time.sleep(600)"
        parent = subprocess.Popen(
            [sys.executable, "-c", code, *command],
            env={**os.environ, **environ},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        started.append(child)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        return child

    yield start
    for child in started:
        if is_alive(child):
            os.kill(child, signal.SIGKILL)
