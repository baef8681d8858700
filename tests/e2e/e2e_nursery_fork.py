"""The side of the forks: what a nursery has imported for them, and how a fork becomes the command that was ordered."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import runpy
import signal
import sys
import sysconfig
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from tenantry.cli import COMMANDS, main, module_of
from tenantry.manifest.load import load

SAMPLE = Path(__file__).resolve().parents[2]
TENANTRY = Path(sysconfig.get_path("scripts"), "tenantry")
HEAVY = (
    "dill",
    "pulumi.dynamic",
    "pulumi.runtime.proto.provider_pb2_grpc",
    "pulumi_policy.proxy",
    "tenantry.engine.state.holdings",
    "tenantry.policies.pack.program",
    "tenantry.providers.existing",
    "tenantry.providers.program",
    "tenantry.telemetry.recorder",
    "twilio.rest.api.v2010.account.usage.trigger",
    "twilio.rest.events.v1.subscription",
    "twilio.rest.iam.v1.api_key",
)
"""What commands, programs, plugins and policy packs import beside their own modules, when they need it."""
OWN = ("tenantry.engine.run.li", "tenantry.plugin", "tenantry.providers")
"""How the names of modules begin that look at their process as they are imported, or keep what they learn of it."""


def prepare() -> None:
    """Import what forks need."""
    for module in (*(f"tenantry.cli.{module_of(command)}" for command in COMMANDS), *HEAVY):
        importlib.import_module(module)
    load(SAMPLE)  # builds the models that read manifests, once for all forks
    gc.freeze()


def become(name: str, arguments: list[str], folder: str, environ: dict[str, str]) -> NoReturn:
    """Become what was ordered: `tenantry` or a Python with these arguments."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    tempfile.tempdir = None
    sys.path.pop(0)  # the folder of these tests
    if name == "tenantry":
        sys.argv = [str(TENANTRY), *arguments]
        _take_path()
        _run(lambda: sys.exit(main()))
    for module in [module for module in sys.modules if module.startswith(OWN)]:
        del sys.modules[module]
    sys.modules["__main__"] = ModuleType("__main__")
    _run(lambda: _interpret(arguments))


def _interpret(arguments: Sequence[str]) -> None:
    """Do what Python does with such arguments."""
    flags = [word for word in arguments[:2] if word in ("-I", "-u")]
    kind, *words = arguments[len(flags) :]
    if "-u" in flags:
        _write_at_once()
    if "-I" not in flags:
        _take_path()
    main_module = sys.modules["__main__"].__dict__
    if kind == "-m":
        sys.path.insert(0, str(Path.cwd()))
        sys.argv = ["-m", *words[1:]]
        runpy._run_module_as_main(words[0])
    elif kind == "-c":
        sys.path.insert(0, "")
        sys.argv = ["-c", *words[1:]]
        exec(compile(words[0], "<string>", "exec"), main_module)
    elif Path(kind).is_dir():
        sys.path.insert(0, kind)
        sys.argv = [kind, *words]
        runpy._run_module_as_main("__main__", alter_argv=False)
    else:
        sys.path.insert(0, str(Path(kind).parent))
        sys.argv = [kind, *words]
        main_module["__file__"] = kind
        exec(compile(Path(kind).read_bytes(), kind, "exec"), main_module)


def _take_path() -> None:
    """Do what Python does with the variable PYTHONPATH as it starts."""
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:0] = paths
    if paths:
        sys.modules.pop("sitecustomize", None)
        with suppress(ModuleNotFoundError):
            importlib.import_module("sitecustomize")


def _write_at_once() -> None:
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        raw = io.FileIO(number, "w", closefd=False)
        opened = io.TextIOWrapper(raw, encoding=stream.encoding, errors=stream.errors, write_through=True)
        setattr(sys, "stdout" if number == 1 else "stderr", opened)


def _run(command: Callable[[], object]) -> NoReturn:
    """Run to the end as Python does; only the million objects of the modules are not taken apart one by one."""
    code: object = 0
    try:
        command()
    except SystemExit as end:
        code = end.code
    except KeyboardInterrupt:
        traceback.print_exc()
        code = -signal.SIGINT
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        code = 1
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if code == -signal.SIGINT:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit((code or 0) & 0xFF)
