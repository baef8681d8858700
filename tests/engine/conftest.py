"""The engine under test: the real CLI, with the plugin of this source tree, and Pulumi's own language host or ours."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest_engine import ROOT, is_alive
from e2e_nursery import warm_engine
from tiny_projects import TinyProject, tiny, warm_tiny

from tenantry.engine.install.find import Engine, NoEngineError, find_engine, is_stand_in, language_host


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


@pytest.fixture(scope="session")
def own_host(pulumi_engine: Engine) -> Engine | None:
    """The engine of this machine, if its language host is Pulumi's own."""
    return None if is_stand_in(language_host(pulumi_engine, os.environ)) else pulumi_engine


@pytest.fixture(scope="module")
def tiny_project(tmp_path_factory: pytest.TempPathFactory, pulumi_engine: Engine) -> TinyProject:
    """A project with a component and dynamic resources and a stack of its own, on the language host of the machine."""
    return warm_tiny(tmp_path_factory.mktemp("tiny"), warm_engine(pulumi_engine, os.environ))


@pytest.fixture(scope="module")
def tiny_on_stand_in(tmp_path_factory: pytest.TempPathFactory, installed_stand_in: Engine) -> TinyProject:
    """The same project on the stand-in of this source tree, cold."""
    return tiny(tmp_path_factory.mktemp("tiny"), installed_stand_in)


@pytest.fixture
def orphan() -> Iterator[Callable[..., int]]:
    """Start a program under a parent, wait for its first line, kill that parent, return the program's process id."""
    started: list[int] = []

    def start(command: list[str | Path], **environ: str) -> int:
        code = "import subprocess, sys, time; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE); "
        code += "line = p.stdout.readline(); print(p.pid, line, flush=True); time.sleep(600)"
        parent = subprocess.Popen(
            [sys.executable, "-c", code, *command],
            env={**os.environ, **environ},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert parent.stdout is not None
        number, _, line = parent.stdout.readline().partition(" ")
        child = int(number)
        started.append(child)
        assert line.strip() != "b''", "the program ended before it had begun"
        parent.kill()
        parent.wait()
        parent.stdout.close()
        return child

    yield start
    for child in started:
        if is_alive(child):
            os.kill(child, signal.SIGKILL)
