"""What Pulumi's own Python language host needs before it runs a program whose toolchain is uv.

Seen with its 3.259 (sdk/python/toolchain/uv.go): `uv` on PATH, else "Could not find `uv` executable"; a `uv.lock` in
the program's folder or above, else "could not find uv.lock". With a pyproject.toml there or above it calls `uv sync`
before it starts anything. The stand-in of tools/engine does the same.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tenantry.engine.install.plugin_check import read_runtime_options

UV, LOCK = "uv", "uv.lock"
INSTALL_UV = "https://docs.astral.sh/uv/"
EMPTY_LOCK = 'version = 1\nrequires-python = ">=3.11"\n'
"""The uv.lock of a project whose packages are there already; without a pyproject.toml nothing is ever synced to it."""


def add_uv_to_path(environ: Mapping[str, str]) -> str:
    """Return PATH; without a uv on it, at its end that of `uv run`, which sets UV, or that beside our Python."""
    path = environ.get("PATH", os.defpath)
    if shutil.which(UV, path=path):
        return path
    beside = [Path(environ.get("UV") or "."), Path(sys.executable).with_name(UV)]
    folders = [str(uv.parent) for uv in beside if uv.is_absolute() and uv.name == UV and os.access(uv, os.X_OK)]
    return os.pathsep.join([path, *folders[:1]])


def find_missing(folder: Path, environ: Mapping[str, str]) -> str | None:
    """Return what a project lacks to be run, as a sentence that says what to do; None where nothing is missing."""
    toolchain = read_runtime_options(folder).get("toolchain")
    has_lock = any((above / LOCK).is_file() for above in (folder.absolute(), *folder.absolute().parents))
    if toolchain != UV and not (toolchain is None and has_lock):
        return None
    if not shutil.which(UV, path=add_uv_to_path(environ)):
        return f"{folder} has `toolchain: uv` in Pulumi.yaml, so Pulumi needs uv on PATH: install it ({INSTALL_UV})"
    if not has_lock:
        return (
            f"there is no {LOCK} in {folder} or above, which tells Pulumi the project's packages: run `uv sync` there, "
            "it writes one"
        )
    return None
