"""A virtual environment with packages from PyPI, by uv where there is one, else by venv and pip."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from installer.tools import bare_environment, run

PACKAGES = Path(__file__).resolve().parent.parent / "packages"


def make_environment(folder: Path, packages: str) -> None:
    """Make it with the packages of `packages/NAME.txt` and none of their dependencies.

    Each is pinned by its hash. Raises CalledProcessError or OSError.
    """
    uv = os.environ.get("UV") or shutil.which("uv")
    python = folder / "bin" / "python"
    if uv:
        make: list[str | Path] = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, folder]
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        make = [sys.executable, "-m", "venv", folder]
        install = [python, "-m", "pip", "install", "--quiet"]
    run(make, bare_environment())
    run([*install, "--no-deps", "--require-hashes", "-r", PACKAGES / f"{packages}.txt"], bare_environment())
