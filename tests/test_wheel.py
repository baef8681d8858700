"""The wheel in a clean environment, which can't see this source tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.template import write_project

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = ("PYTHON", "VIRTUAL_ENV", "UV_PROJECT", "TWILIO_", "TENANTRY_", "PULUMI_")
SECONDS = 300


def _clean(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)} | variables


def _run(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=_clean(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def _run_command(folder: Path, *command: str | Path, **variables: str) -> None:
    done = _run(folder, *command, **variables)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def uv() -> str:
    """uv as the Makefile finds it."""
    found = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    if not Path(found).exists():
        pytest.fail("this test needs uv, on PATH or in .uv/bin; `make check` gets it", pytrace=False)
    return found


@pytest.fixture(scope="module")
def environment_of_wheel(made_once: Callable[[str, Callable[[Path], Path]], Path], uv: str) -> Path:
    """A virtual environment that holds the wheel and what it depends on, and nothing else."""
    return made_once("wheel", lambda folder: _install(folder, uv))


def _install(folder: Path, uv: str) -> Path:
    venv = folder / "venv"
    _run_command(folder, uv, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    _run_command(folder, uv, "venv", "--quiet", "--python", sys.executable, venv)
    (wheel,) = folder.glob("*.whl")
    _run_command(folder, uv, "pip", "install", "--quiet", "--python", venv, wheel)
    return venv


@pytest.fixture(scope="module")
def project(made_once: Callable[[str, Callable[[Path], Path]], Path], environment_of_wheel: Path) -> Path:
    """A project that the installed `tenantry init` wrote."""
    return made_once("wheel-project", lambda folder: _initialise(folder / "owl", environment_of_wheel))


def _initialise(folder: Path, environment: Path) -> Path:
    _run_command(folder.parent, environment / "bin" / "tenantry", "init", folder)
    return folder


def test_the_wheel_runs_without_the_source_tree(environment_of_wheel: Path) -> None:
    place = _run(
        environment_of_wheel.parent,
        environment_of_wheel / "bin" / "python",
        "-c",
        "import tenantry; print(tenantry.__file__)",
    )
    assert Path(place.stdout.strip()).is_relative_to(environment_of_wheel), place
    done = _run(environment_of_wheel.parent, environment_of_wheel / "bin" / "tenantry", "--help")
    assert done.returncode == 0, done.stderr
    assert "Twilio tenants as code" in done.stdout


def test_the_wheel_writes_the_same_project_as_a_checkout(project: Path, tmp_path: Path) -> None:
    names = write_project(tmp_path / project.name)
    files = [path for path in project.rglob("*") if path.is_file()]
    kept = [path for path in files if "__pycache__" not in path.parts]  # other tests run what is in the project
    assert sorted(path.relative_to(project).as_posix() for path in kept) == sorted(names)
    # Where Tenantry was installed from stands in this file.
    written = [name for name in names if name != "pyproject.toml"]
    assert [
        name for name in written if (project / name).read_text() != (tmp_path / project.name / name).read_text()
    ] == []


def test_a_project_of_the_wheel_is_valid(environment_of_wheel: Path, project: Path) -> None:
    done = _run(project, environment_of_wheel / "bin" / "tenantry", "validate", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_ledger_is_made_by_the_wheel(environment_of_wheel: Path, project: Path, tmp_path: Path) -> None:
    folder = _copy(project, tmp_path)
    with (folder / "tenantry.yaml").open("a") as file:
        file.write(f"ledger: sqlite:{tmp_path}/ledger.db\n")
    done = _run(folder, environment_of_wheel / "bin" / "tenantry", "ledger", "init")
    assert done.returncode == 0, done.stdout + done.stderr


def test_before_uv_sync_a_preview_says_what_to_do(
    environment_of_wheel: Path, project: Path, uv: str, tmp_path: Path
) -> None:
    done = _preview(environment_of_wheel, _copy(project, tmp_path), uv)
    assert done.returncode == 1
    assert "run `uv sync` there" in done.stderr


def test_a_project_of_the_wheel_previews_after_uv_sync(project: Path, uv: str, tmp_path: Path) -> None:
    folder = _copy(project, tmp_path)
    _run_command(folder, uv, "sync", "--quiet")
    done = _preview(folder / ".venv", folder, uv)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "  + usage_trigger/monthly-sms" in done.stdout


def _copy(project: Path, folder: Path) -> Path:
    return Path(shutil.copytree(project, folder / "owl", symlinks=True))


def _preview(environment: Path, project: Path, uv: str) -> subprocess.CompletedProcess[str]:
    """Preview a stack of the project by the `tenantry` of a virtual environment."""
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    path = os.pathsep.join([os.environ["PATH"], str(Path(uv).parent)])
    variables = {**local_backend(project.parent / "backend"), "NO_COLOR": "1", "PATH": path}
    _run_command(project, engine.binary, "stack", "select", "--create", "dev", **variables)
    return _run(project, environment / "bin" / "tenantry", "preview", "--stack", "dev", **variables)
