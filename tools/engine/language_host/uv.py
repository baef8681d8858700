"""The toolchain uv, as Pulumi's own language host has it (sdk/python/toolchain/uv.go of 3.259)."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from options import Options, Refused
from toolchains import (
    Interpreter,
    Package,
    Show,
    activate,
    is_virtualenv,
    locked_packages,
    refusal,
    run,
    upwards,
)

_MINIMUM = (0, 4, 26)


@dataclass(frozen=True)
class Uv:
    """A virtual environment that uv keeps: by its option, else beside uv.lock, pyproject.toml or the program."""

    options: Options
    name: str = "Uv"

    def __post_init__(self) -> None:
        if shutil.which("uv") is None:
            raise Refused("Could not find `uv` executable.\nInstall uv and make sure it is in your PATH.")
        done = run(["uv", "--version"], None, dict(os.environ))
        if done.returncode:
            raise refusal("failed to get uv version", done)
        output = done.stdout.strip()
        found = re.search(r"uv (\d+)\.(\d+)(?:\.(\d+))?", output)
        if found is None:
            raise Refused(f'unexpected output from `uv --version`: "{output}"')
        if tuple(int(part or 0) for part in found.groups()) < _MINIMUM:
            raise Refused(f"uv version {output} is less than the minimum required version 0.4.26")

    @property
    def virtualenv(self) -> Path:
        if self.options.virtualenv:
            return self.options.root / self.options.virtualenv
        program = self.options.program
        home = upwards(program, "uv.lock") or upwards(program, "pyproject.toml") or program
        return home / (os.environ.get("UV_PROJECT_ENVIRONMENT") or ".venv")

    def ensure(self, show: Show) -> None:
        if not is_virtualenv(self.virtualenv):
            command = ["uv", "venv", "--quiet", "--allow-existing", self.virtualenv]
            show(self.options.program, command, self._environment())

    def validate(self) -> None:
        if not is_virtualenv(self.virtualenv):
            raise Refused(f"'{self.virtualenv}' is not a virtualenv")

    def packages(self, *, transitive: bool) -> list[Package]:
        return locked_packages(self.options.program, "uv.lock", transitive=transitive)

    def interpreter(self) -> Interpreter:
        # `uv run` would bring the environment up to date; Pulumi does it by `uv sync`, before every program.
        program = self.options.program
        if upwards(program, "pyproject.toml"):
            self._refuse_without_project()
            done = run(["uv", "sync", "--inexact"], program, self._environment())
            if done.returncode:
                raise refusal("error creating virtual environment", done)
        return Interpreter(str(self.virtualenv / "bin" / "python"), activate(self.virtualenv), program)

    def install(self) -> tuple[list[str], dict[str, str]]:
        self._refuse_without_project()
        return ["uv", "sync"], self._environment()

    def _refuse_without_project(self) -> None:
        place = upwards(self.options.program, "pyproject.toml")
        if upwards(self.options.program, "uv.lock") or place is None:
            return
        try:
            has_project = "project" in tomllib.loads((place / "pyproject.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise Refused(f"{place / 'pyproject.toml'} can't be read: {problem}") from problem
        if not has_project:
            raise Refused(
                f"{place / 'pyproject.toml'} is missing a [project] section, which uv requires to install "
                "dependencies; add a [project] section with a name and dependencies to use the uv toolchain"
            )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "UV_PROJECT_ENVIRONMENT": str(self.virtualenv)}
