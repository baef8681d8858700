"""Whether the project's plugin starts, tried by starting it as the engine does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SCRIPT = "pulumi-resource-pulumi-python"
_SECONDS_TO_START = 20.0
_VERSIONS = (
    "import sys, platform; from importlib.metadata import version; "
    "print(sys.executable, platform.python_version(), version('tenantry'), version('pulumi'))"
)


def check_plugin(folder: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return a problem and what to do, or an empty text, and then what was found."""
    try:
        project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    except (OSError, yaml.YAMLError) as error:
        return f"no project: {folder / 'Pulumi.yaml'} can't be read ({error}); run this in the project's folder", ""
    script = folder / _plugin_path(project) / SCRIPT
    if not os.access(script, os.X_OK):
        return f"{script} is missing or not executable; take it from `tenantry init` and run `chmod +x {script}`", ""
    return _start(script, folder, {**environ, **_runtime(project)})


def _plugin_path(project: Any) -> str:
    providers = ((project or {}).get("plugins") or {}).get("providers") or []
    return str(next((entry["path"] for entry in providers if entry.get("name") == "pulumi-python"), "plugin"))


def _runtime(project: Any) -> dict[str, str]:
    """Return the variables with which the engine hands the project's runtime options to a plugin."""
    runtime = (project or {}).get("runtime")
    options = (runtime.get("options") or {}) if isinstance(runtime, dict) else {}
    return {f"PULUMI_RUNTIME_{name.upper()}": str(value) for name, value in options.items()}


def _start(script: Path, folder: Path, environ: Mapping[str, str]) -> tuple[str, str]:
    # The versions come from the very Python that the script picks: it is asked through the script's own choice.
    process = subprocess.Popen(
        [script], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        return _judge(process, script, environ)
    finally:
        process.kill()
        process.communicate()
