"""A project that runs with our own packages: nothing is installed, and the project can't change our packages.

The demo's project is one. Pulumi's language host lets `uv sync`, or pip, look after a project's virtual environment, so
it gets one of its own that only leads to our packages, and a pyproject.toml that asks for none: else uv would take the
pyproject.toml of a folder above and install that here.
"""

from __future__ import annotations

import shutil
import site
import sysconfig
import venv
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from tenantry.engine.install.toolchain import EMPTY_LOCK, INSTALL_UV, LOCK, UV, add_uv_to_path

VENV = ".venv"
_PYPROJECT = """\
[project]
name = "demo"
version = "0"
requires-python = ">=3.11"

[tool.uv]
package = false

[tool.uv.workspace]
"""
_OURSELVES = '\n[[package]]\nname = "demo"\nversion = "0"\nsource = { virtual = "." }\n'


class NoToolchainError(Exception):
    """Neither uv nor pip is there; the text says what to do."""


def lend_packages(folder: Path, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Let the project in a folder, whose Pulumi.yaml has `toolchain: uv`, run with our packages.

    Returns the environment to run it in. Raises NoToolchainError, and OSError where the folder can't be written.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith("UV_")}
    path = add_uv_to_path(environ)
    if shutil.which(UV, path=path):
        (folder / "pyproject.toml").write_text(_PYPROJECT, encoding="utf-8")
        (folder / LOCK).write_text(EMPTY_LOCK + _OURSELVES, encoding="utf-8")
    elif find_spec("pip"):
        project = folder / "Pulumi.yaml"
        text = project.read_text(encoding="utf-8")
        project.write_text(text.replace("toolchain: uv", "toolchain: pip"), encoding="utf-8")
    else:
        raise NoToolchainError(
            "Pulumi needs uv on PATH to run Python, or pip beside Tenantry, and there is neither: "
            f"install uv ({INSTALL_UV})"
        )
    _make_environment(folder / VENV)
    return {**kept, "PATH": path}


def _make_environment(folder: Path) -> None:
    """Make a virtual environment of our Python that has no packages but ours."""
    venv.create(folder, symlinks=True, with_pip=False)
    ours = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    # addsitedir obeys the .pth files in there, by which an editable install is found.
    lines = [f"import site; site.addsitedir({place!r})" for place in ours if Path(place).is_dir()]
    packages = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(folder)}))
    (packages / "tenantry-demo.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
