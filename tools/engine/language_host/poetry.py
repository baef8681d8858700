"""The toolchain poetry, as Pulumi's own language host has it (sdk/python/toolchain/poetry.go of 3.259)."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from options import Options, Refused
from toolchains import Interpreter, Package, Show, activate, is_virtualenv, locked_packages, refusal, run

_MINIMUM = (1, 8, 0)


@dataclass(frozen=True)
class Poetry:
    """A virtual environment that Poetry keeps, wherever it keeps it."""

    options: Options
    name: str = "Poetry"

    def __post_init__(self) -> None:
        if shutil.which("poetry") is None:
            raise Refused(
                "Could not find `poetry` executable.\n"
                "Install poetry and make sure it is in your PATH, or set the toolchain option in Pulumi.yaml to `pip`."
            )
        done = run(["poetry", "--version", "--no-ansi", "--no-plugins"], None, dict(os.environ))
        if done.returncode:
            raise refusal("failed to run poetry --version", done)
        output = done.stdout.strip()
        found = re.search(r"Poetry \(version (\d+)\.(\d+)(?:\.(\d+))?.*\)", output)
        if found is None:
            raise Refused(f'unexpected output from poetry --version: "{output}"')
        if tuple(int(part or 0) for part in found.groups()) < _MINIMUM:
            raise Refused(f"poetry version {output} is less than the minimum required version 1.8.0")

    def ensure(self, show: Show) -> None:
        try:
            self._virtualenv()
        except Refused:
            command, environment = self.install()
            show(self.options.program, command, environment)

    def validate(self) -> None:
        if not is_virtualenv(self._virtualenv()):
            raise Refused(f"'{self._virtualenv()}' is not a virtualenv")

    def packages(self, *, transitive: bool) -> list[Package]:
        return locked_packages(self.options.program, "poetry.lock", transitive=transitive)

    def interpreter(self) -> Interpreter:
        virtualenv = self._virtualenv()
        return Interpreter(str(virtualenv / "bin" / "python"), activate(virtualenv), self.options.program)

    def install(self) -> tuple[list[str], dict[str, str]]:
        return ["poetry", "install", "--no-ansi"], dict(os.environ)

    def _virtualenv(self) -> Path:
        done = run(["poetry", "env", "info", "--path"], self.options.program, dict(os.environ))
        if done.returncode:
            raise refusal("failed to get venv path", done)
        if not done.stdout.strip():
            raise Refused("expected a virtualenv path, got empty string")
        return Path(done.stdout.strip())
