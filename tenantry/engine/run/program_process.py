"""The process of a program: it imports what programs need, waits for the order to run, and becomes the executor.

A script, started by path with the project's own Python: `python program_process.py EXECUTOR`. Standard input has the
order, a RunRequest of pulumi/language.proto, as soon as Pulumi gives it; its end without one ends the process.
"""

import os
import sys

if __name__ == "__main__":
    from lifeline import die_with_parent  # type: ignore[import-not-found]  # from this script's folder, which is no place for a program's imports

    sys.modules.pop("lifeline")
    sys.path[0] = os.path.dirname(sys.argv[1])  # noqa: PTH120
    die_with_parent()

import gc
import importlib
import json
import runpy
from contextlib import suppress
from typing import Any

AHEAD = ("pulumi", "grpc.aio", "tenantry.providers.program")
"""What the program of a project imports: the last is the largest, and not there in projects of others."""


def main() -> None:
    executor = sys.argv[1]
    gc.disable()
    for module in AHEAD:
        with suppress(ImportError):  # the executor says what is missing
            importlib.import_module(module)
    gc.enable()
    order = sys.stdin.buffer.read()
    if not order:
        return
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.argv = [executor, *_prepare(order)]
    runpy.run_path(executor, run_name="__main__")


def _prepare(order: bytes) -> list[str]:
    """Set the variables of a program and return the arguments of its executor, as Pulumi's own host does."""
    try:
        from pulumi.runtime.proto.language_pb2 import RunRequest
    except ImportError:
        return ["."]  # the executor says that the SDK is missing before it looks at them
    request: Any = RunRequest.FromString(order)
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
    if request.config:
        os.environ["PULUMI_CONFIG"] = json.dumps(dict(request.config))
    engine, *arguments = request.args or [""]  # Pulumi puts its own address first for a host that runs already
    named = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    flags = [word for name, value in named.items() if value for word in (f"--{name}", value)]
    return [*flags, request.info.entry_point, *arguments]


if __name__ == "__main__":
    main()
