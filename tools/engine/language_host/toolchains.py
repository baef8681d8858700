"""How a toolchain finds and makes a Python: the steps of Pulumi's own language host (sdk/python/toolchain of 3.259)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from options import Options, Refused

# Takes a folder and the words of a command; runs it and shows what it prints. Raises Refused.
Show = Callable[[Path, Sequence[str | Path], dict[str, str]], None]


class Package(NamedTuple):
    """An installed distribution, its name as PyPI normalizes it."""

    name: str
    version: str


@dataclass(frozen=True)
class Interpreter:
    """A Python, the environment to start it with, and the folder to start it in, None for our own."""

    python: str
    environment: dict[str, str]
    folder: Path | None = None


class Toolchain(Protocol):
    """What the servicer asks; every method raises Refused."""

    name: str

    def ensure(self, show: Show) -> None:
        """Make the virtual environment where there is none and this toolchain makes one."""

    def validate(self) -> None:
        """Refuse a virtual environment that is none."""

    def packages(self, *, transitive: bool) -> list[Package]:
        """Return what is installed, or only what the program itself asks for."""

    def interpreter(self) -> Interpreter:
        """Return the Python to run, after it was brought up to date where this toolchain does so."""

    def install(self) -> tuple[list[str], dict[str, str]]:
        """Return the command of `pulumi install`, and its environment."""


@dataclass(frozen=True)
class Pip:
    """A virtual environment by its option, or the Python on PATH."""

    options: Options
    name: str = "Pip"

    @property
    def virtualenv(self) -> Path | None:
        return self.options.root / self.options.virtualenv if self.options.virtualenv else None

    def ensure(self, show: Show) -> None:
        venv = self.virtualenv
        if venv is None or is_virtualenv(venv) or (venv.exists() and any(venv.iterdir())):
            return
        command, environment = self.install()
        show(self.options.program, command, environment)

    def validate(self) -> None:
        venv = self.virtualenv
        if venv is None or is_virtualenv(venv):
            return
        state = "doesn't appear to be a virtual environment" if venv.exists() else "doesn't exist"
        raise Refused(
            f"The 'virtualenv' option in Pulumi.yaml is set to {json.dumps(self.options.virtualenv)}, but "
            f"{json.dumps(str(venv))} {state}; run `python3 -m venv {venv}` and install your dependencies into it"
        )

    def packages(self, *, transitive: bool) -> list[Package]:
        python = self.interpreter()
        command = [python.python, "-m", "pip", "list", "--format", "json", *(() if transitive else ("--not-required",))]
        done = run(command, None, python.environment)
        if done.returncode:
            raise Refused(f"calling `{' '.join(command)}`: exit status {done.returncode}")
        return [Package(normalize(entry["name"]), entry["version"]) for entry in json.loads(done.stdout)]

    def interpreter(self) -> Interpreter:
        venv = self.virtualenv
        if venv is None:
            return Interpreter(_ambient(), dict(os.environ))
        return Interpreter(str(venv / "bin" / "python"), activate(venv))

    def install(self) -> tuple[list[str], dict[str, str]]:
        packages = "--upgrade pip setuptools wheel"
        script = f'"$0" -m venv "$1" && "$1/bin/python" -m pip install {packages} && if [ -e requirements.txt ]; then '
        script += '"$1/bin/python" -m pip install -r requirements.txt; fi'
        return ["sh", "-c", script, _ambient(), str(self.virtualenv or "venv")], dict(os.environ)


def activate(virtualenv: Path) -> dict[str, str]:
    """Return our environment as it is when that virtual environment is active."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    path = f"{virtualenv / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return environment | {"PATH": path, "VIRTUAL_ENV": str(virtualenv)}


def is_virtualenv(folder: Path) -> bool:
    """Say what Pulumi takes for a virtual environment: a folder with a Python."""
    return (folder / "bin" / "python").is_file()


def upwards(start: Path, name: str) -> Path | None:
    """Return the nearest folder that holds a file, from one upwards; links are not followed, as in Pulumi."""
    return next((folder for folder in (start, *start.parents) if (folder / name).exists()), None)


def locked_packages(folder: Path, name: str, *, transitive: bool) -> list[Package]:
    """Return the packages of a lock file that is in a folder or above; raises Refused where there is none."""
    place = upwards(folder, name)
    if place is None:
        raise Refused(f"could not find {name}: file does not exist")
    try:
        held = tomllib.loads((place / name).read_text(encoding="utf-8")).get("package", [])
        found = [package for package in held if not (package.get("source") or {}).get("virtual")]
        packages = [Package(normalize(package["name"]), package["version"]) for package in found]
    except (OSError, ValueError, KeyError, AttributeError) as problem:
        raise Refused(f"could not parse {place / name}: {problem}") from problem
    return packages if transitive else [package for package in packages if package.name in _asked_for(place)]


def run(
    command: Sequence[str | Path], folder: Path | None, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; raises Refused where it can't be started."""
    try:
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except OSError as problem:
        raise Refused(f"{command[0]} could not be started: {problem}") from problem


def refusal(message: str, done: subprocess.CompletedProcess[str]) -> Refused:
    """Return what Pulumi says of a program that failed: its message, the exit status, what the program said."""
    output = done.stderr.strip()
    return Refused(f"{message}: exit status {done.returncode}{f': {output}' if output else ''}")


def normalize(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return name.lower().replace("_", "-").replace(".", "-")


def _asked_for(folder: Path) -> set[str]:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, ValueError) as problem:
        raise Refused(f"could not read {folder / 'pyproject.toml'}: {problem}") from problem
    ends = str.maketrans(dict.fromkeys("[<>=!~; (", "\0"))
    return {normalize(asked.translate(ends).partition("\0")[0]) for asked in project.get("dependencies", [])}


def _ambient() -> str:
    wanted = os.environ.get("PULUMI_PYTHON_CMD")
    names = [wanted] if wanted else ["python3", "python"]
    for name in names:
        if found := shutil.which(name):
            return found
    raise Refused(
        f"failed to locate any of {json.dumps(names)} on your PATH. Have you installed Python 3.6 or greater?"
    )
