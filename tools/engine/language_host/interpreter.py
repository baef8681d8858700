"""Which Python runs a program: the same choice as Pulumi's own language host makes from the `runtime` options."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class NoInterpreter(Exception):  # noqa: N818
    """The options name a Python that is not there; the message says what to do."""


@dataclass(frozen=True)
class Interpreter:
    """A Python and the environment to start it with."""

    python: str
    environment: dict[str, str]
    toolchain: str
    virtualenv: Path | None


class RequiredPlugin(NamedTuple):
    """A provider plugin that the engine downloads before the program runs."""

    name: str
    version: str
    server: str


def choose(root: Path, program: Path, options: dict[str, Any]) -> Interpreter:
    """Return the Python of these options; raises NoInterpreter.

    `root` is the folder of Pulumi.yaml or PulumiPolicy.yaml: paths in the options are relative to it.
    """
    toolchain = options.get("toolchain") or _detected(program)
    virtualenv = _virtualenv(root, program, toolchain, options.get("virtualenv"))
    if virtualenv is None:
        return Interpreter(_ambient(), dict(os.environ), toolchain, None)
    python = virtualenv / "bin" / "python"
    if not os.access(python, os.X_OK):
        raise NoInterpreter(
            f"{virtualenv}, which the options in {root} name as the virtual environment, has no bin/python. "
            f"Make it with `{' '.join(_install(toolchain, virtualenv))}` in {root}."
        )
    return Interpreter(str(python), activated(virtualenv), toolchain, virtualenv)


def activated(virtualenv: Path) -> dict[str, str]:
    """Return our environment as it is when that virtual environment is active."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    path = f"{virtualenv / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return environment | {"PATH": path, "VIRTUAL_ENV": str(virtualenv)}


def describe(interpreter: Interpreter) -> tuple[str, str]:
    """Return the path and the version of that Python."""
    code = "import platform, sys; print(sys.executable); print(platform.python_version())"
    executable, version = _ask(interpreter, code).split("\n")[:2]
    return executable, version


def dependencies(interpreter: Interpreter) -> list[tuple[str, str]]:
    """Return name and version of each installed distribution, by name."""
    code = (
        "import json, importlib.metadata as m; "
        "print(json.dumps(sorted({(d.metadata['Name'], d.version) for d in m.distributions()})))"
    )
    return [(name, version) for name, version in json.loads(_ask(interpreter, code))]


def required_plugins(interpreter: Interpreter) -> list[RequiredPlugin]:
    """Return the resource plugins that installed Pulumi packages ask for."""
    if interpreter.virtualenv is None:
        return []
    found = []
    for path in sorted(interpreter.virtualenv.glob("lib/python*/site-packages/*/pulumi-plugin.json")):
        content = json.loads(path.read_text())
        if content.get("resource"):
            name = content.get("name") or path.parent.name.removeprefix("pulumi_")
            found.append(RequiredPlugin(name, content.get("version", ""), content.get("server", "")))
    return found


def install_command(directory: str, options: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Return the command for `pulumi install` in a folder, with its environment."""
    folder = Path(directory)
    toolchain = options.get("toolchain") or _detected(folder)
    virtualenv = folder / (options.get("virtualenv") or "venv")
    return _install(toolchain, virtualenv), dict(os.environ)


def _virtualenv(root: Path, program: Path, toolchain: str, option: str | None) -> Path | None:
    if toolchain == "poetry":
        shown = subprocess.run(
            ["poetry", "env", "info", "--path"], cwd=program, capture_output=True, text=True, check=False
        )
        if shown.returncode:
            raise NoInterpreter(f"`poetry env info --path` failed in {program}: {shown.stderr.strip()}")
        return Path(shown.stdout.strip())
    if option:
        return root / option
    if toolchain != "uv":
        return None
    home = _upwards(program, "uv.lock") or _upwards(program, "pyproject.toml") or program
    return home / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def _detected(program: Path) -> str:
    if _upwards(program, "uv.lock"):
        return "uv"
    return "poetry" if _upwards(program, "poetry.lock") else "pip"


def _upwards(start: Path, name: str) -> Path | None:
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / name).is_file()), None)


def _ambient() -> str:
    wanted = os.environ.get("PULUMI_PYTHON_CMD")
    for name in [wanted] if wanted else ["python3", "python"]:
        if found := shutil.which(name):
            return found
    raise NoInterpreter(f"there is no {wanted or 'python3'} on PATH. Install Python 3.11, or set PULUMI_PYTHON_CMD.")


def _install(toolchain: str, virtualenv: Path) -> list[str]:
    if toolchain == "uv":
        return ["uv", "sync"]
    if toolchain == "poetry":
        return ["poetry", "install", "--no-ansi"]
    script = '"$0" -m venv "$1" && "$1/bin/python" -m pip install --requirement requirements.txt'
    return ["sh", "-c", script, "python3", str(virtualenv)]


def _ask(interpreter: Interpreter, code: str) -> str:
    command = [interpreter.python, "-c", code]
    return subprocess.run(command, env=interpreter.environment, capture_output=True, text=True, check=True).stdout
