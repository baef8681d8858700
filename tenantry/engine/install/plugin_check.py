"""Whether the project's plugin starts, and in which Python, asked by starting it as the engine does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tenantry.engine.install.describe import DESCRIBE

SCRIPT = "pulumi-resource-pulumi-python"
_SECONDS_TO_ANSWER = 20.0


def check_plugin(folder: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return a problem and what to do, or an empty text, and then what was found."""
    try:
        project = _read_project(folder)
    except (OSError, yaml.YAMLError) as error:
        return f"no project: {folder / 'Pulumi.yaml'} can't be read ({error}); run this in the project's folder", ""
    script = folder / _find_plugin_path(project) / SCRIPT
    if not os.access(script, os.X_OK):
        return f"{script} is missing or not executable; take it from `tenantry init` and run `chmod +x {script}`", ""
    return _ask(script, folder, {**environ, **_list_variables(_read_options(project))})


def read_runtime_options(folder: Path) -> dict[str, Any]:
    """Return the options of the project's runtime, none when there is no readable project."""
    try:
        return _read_options(_read_project(folder))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}


def _read_project(folder: Path) -> Any:
    return yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))


def _find_plugin_path(project: Any) -> str:
    providers = ((project or {}).get("plugins") or {}).get("providers") or []
    return str(next((entry["path"] for entry in providers if entry.get("name") == "pulumi-python"), "plugin"))


def _list_variables(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables with which the engine hands the project's runtime options to a plugin."""
    return {f"PULUMI_RUNTIME_{name.upper()}": str(value) for name, value in options.items()}


def _read_options(project: Any) -> dict[str, Any]:
    runtime = project.get("runtime") if isinstance(project, dict) else None
    options = runtime.get("options") if isinstance(runtime, dict) else None
    return options if isinstance(options, dict) else {}


def _ask(script: Path, folder: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    try:
        done = subprocess.run(
            [script, DESCRIBE],
            cwd=folder,
            env=environ,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS_TO_ANSWER,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{script} did not start ({error})", ""
    if done.returncode:
        return f"{script} does not start: {_find_last_line(done.stderr)}", ""
    return "", f"{script} runs {done.stdout.strip()}"


def _find_last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
