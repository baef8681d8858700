"""The Python that runs a project's program, where we know it as well as Pulumi's language host does."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tenantry.engine.install.find import Engine, language_host
from tenantry.engine.install.plugin_check import list_variables, read_project
from tenantry.engine.install.toolchain import LOCK, UV

USE_PULUMIS = "TENANTRY_PULUMI_HOST"
"""Set this variable to have Pulumi start its own language host, as `pulumi preview` and `pulumi up` do."""
EXECUTOR = "pulumi-language-python-exec"
WITHOUT_PLUGINS = frozenset({"pulumi_policy", "pulumi_esc_sdk"})


@dataclass(frozen=True)
class Interpreter:
    """A Python with the environment of a program, what runs programs, and what the plugins of the run are told."""

    python: Path
    executor: Path
    environ: Mapping[str, str] = field(repr=False)
    variables: Mapping[str, str] = field(default_factory=dict)


def find_interpreter(folder: Path, engine: Engine, environ: Mapping[str, str]) -> Interpreter | None:
    """Return the Python of a project's virtual environment, brought up to date by uv; None where Pulumi has to look.

    That is a project with more options than we know, with another toolchain, without an environment or with packages
    that want plugins of their own, and an environment that uv can't bring up to date: Pulumi's host says why.
    """
    options = _read_options(folder)
    executor = language_host(engine, environ).resolve().with_name(EXECUTOR)
    if environ.get(USE_PULUMIS) or environ.get("PULUMI_DEBUG_LANGUAGES") or options is None or not executor.is_file():
        return None
    home = _choose_environment(folder, options, environ)
    if home is None or not (home / "bin" / "python").is_file():
        return None
    if _has_uv(folder, options) and not _sync(folder, {**environ, "UV_PROJECT_ENVIRONMENT": str(home)}):
        return None
    if _wants_plugins(home):
        return None
    kept = {name: value for name, value in environ.items() if name != "PYTHONHOME"}
    path = f"{home / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"
    active = {**kept, "PATH": path, "VIRTUAL_ENV": str(home)}
    return Interpreter(home / "bin" / "python", executor, active, list_variables(options))


def _read_options(folder: Path) -> dict[str, Any] | None:
    """Return the options of a Python project; None where it has anything that only Pulumi's host knows."""
    try:
        project = read_project(folder)
    except (OSError, ValueError, yaml.YAMLError):
        return None
    runtime = project.get("runtime") if isinstance(project, dict) else None
    runtime = {"name": runtime} if isinstance(runtime, str) else runtime
    if not isinstance(runtime, dict) or runtime.get("name") != "python" or project.get("packages"):
        return None
    options = runtime.get("options") or {}
    is_known = set(options) <= {"toolchain", "virtualenv"} and all(isinstance(value, str) for value in options.values())
    return options if is_known else None


def _choose_environment(folder: Path, options: Mapping[str, str], environ: Mapping[str, str]) -> Path | None:
    if options.get("toolchain") not in (UV, "pip", None):
        return None
    if virtualenv := options.get("virtualenv"):
        return folder / virtualenv
    lock = _find_above(folder, LOCK)
    return lock / (environ.get("UV_PROJECT_ENVIRONMENT") or ".venv") if _has_uv(folder, options) and lock else None


def _has_uv(folder: Path, options: Mapping[str, str]) -> bool:
    return options.get("toolchain") == UV or ("toolchain" not in options and _find_above(folder, LOCK) is not None)


def _wants_plugins(home: Path) -> bool:
    """Return whether a package is one whose plugin Pulumi installs before a run."""
    packages = next(home.glob("lib/python3*/site-packages"), home)
    names = {found.name.partition("-")[0] for found in packages.glob("pulumi_*.dist-info")} - WITHOUT_PLUGINS
    return bool(names) or any(map(_describes_provider, packages.glob("*/pulumi-plugin.json")))


def _describes_provider(file: Path) -> bool:
    """Return whether a package's own description names a plugin for resources; that of `pulumi_policy` names none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))["resource"] is not False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _sync(folder: Path, environ: Mapping[str, str]) -> bool:
    """Bring an environment up to date, as Pulumi's host does before each program; return whether that went well."""
    if _find_above(folder, "pyproject.toml") is None:
        return True
    try:
        done = subprocess.run([UV, "sync", "--inexact"], cwd=folder, env=environ, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _find_above(folder: Path, name: str) -> Path | None:
    return next((above for above in (folder, *folder.parents) if (above / name).exists()), None)
