"""Which Python runs a program, and which plugins its packages want: the choice of Pulumi's own language host."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from options import Options, Refused
from poetry import Poetry
from toolchains import Interpreter, Package, Pip, Toolchain, run, upwards
from uv import Uv

_WITHOUT_PLUGINS = frozenset({"pulumi-policy", "pulumi-esc-sdk"})
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(a|b|rc)(\d+))?")
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}
# Prints where each distribution of its arguments has its pulumi-plugin.json.
_FIND_PLUGINS = """\
import importlib.metadata, importlib.util, json, os, sys
found = {}
for name in sys.argv[1:]:
    try:
        module = importlib.metadata.distribution(name).metadata["Name"].replace("-", "_")
        places = importlib.util.find_spec(module).submodule_search_locations
        found[name] = next(p for p in (os.path.join(str(f), "pulumi-plugin.json") for f in places) if os.path.isfile(p))
    except Exception:
        pass
print(json.dumps(found))
"""


class RequiredPlugin(NamedTuple):
    """A provider plugin that the engine downloads before the program runs; the last two are of a bridged provider."""

    name: str
    version: str
    server: str
    parameterization: dict[str, Any] | None
    extension: dict[str, Any] | None


def choose(options: Options) -> Toolchain:
    """Return the toolchain of these options, or that of the lock file that is nearest; raises Refused."""
    if options.toolchain == "uv" or (not options.toolchain and upwards(options.program, "uv.lock")):
        return Uv(options)
    if options.toolchain == "poetry" or (not options.toolchain and upwards(options.program, "poetry.lock")):
        return Poetry(options)
    return Pip(options)


def describe(interpreter: Interpreter) -> tuple[str, str]:
    """Return the path and the version of that Python."""
    code = "import platform, sys; print(sys.executable); print(platform.python_version())"
    executable, version = _ask(interpreter, code).stdout.split("\n")[:2]
    return executable, version


def required_plugins(toolchain: Toolchain) -> list[RequiredPlugin]:
    """Return the resource plugins that a program's packages ask for; raises Refused."""
    packages = toolchain.packages(transitive=True)
    paths = _plugin_files(toolchain, packages) if packages else {}
    found = []
    for package in packages:
        if package.name in _WITHOUT_PLUGINS or (package.name not in paths and not package.name.startswith("pulumi-")):
            continue
        content = json.loads(Path(paths[package.name]).read_text(encoding="utf-8")) if package.name in paths else None
        if plugin := _plugin(package, content):
            found.append(plugin)
    return found


def _plugin_files(toolchain: Toolchain, packages: list[Package]) -> dict[str, str]:
    try:
        done = _ask(toolchain.interpreter(), _FIND_PLUGINS, *(package.name for package in packages))
    except Refused:
        return {}  # as Pulumi does: the program's own start tells
    files: dict[str, str] = json.loads(done.stdout) if not done.returncode else {}
    return files


def _plugin(package: Package, content: dict[str, Any] | None) -> RequiredPlugin | None:
    held = content or {}
    if content is not None and not held.get("resource"):
        return None
    version = held.get("version") or _plugin_version(package.version)
    if version is None:
        return None
    parts = (_bytes(held.get("parameterization")), _bytes(held.get("extensionParameterization")))
    name = held.get("name") or package.name.removeprefix("pulumi-")
    return RequiredPlugin(name, f"v{version.removeprefix('v')}", held.get("server", ""), *parts)


def _plugin_version(text: str) -> str | None:
    """Return the version of a package's plugin, such as 1.2.0-alpha.3 for 1.2a3; None where that can't be told."""
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    stage = f"-{_STAGES[found[4]]}.{found[5]}" if found[4] else ""
    return f"{found[1]}.{found[2] or 0}.{found[3] or 0}{stage}"


def _bytes(held: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if held is None else {**held, "value": base64.b64decode(held.get("value", ""))}


def _ask(interpreter: Interpreter, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run([interpreter.python, "-c", code, *arguments], interpreter.folder, interpreter.environment)
