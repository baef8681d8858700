"""Running other programs, and saying what happens in short lines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_NEEDED = frozenset(
    {
        "HOME",
        "PATH",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "USER",
        "LOGNAME",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
    }
    | {name for plain in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") for name in (plain, plain.upper())}
)
_NEEDED_ALL = ("GO", "UV_", "PIP_", "XDG_")
_URL = re.compile(r"https?://[^\s\"'`,;|)>]+")
_LOOKED_UP = re.compile(r"lookup \S+?(?: on \S+?)?(?=:? )")


class Failure(Exception):  # noqa: N818
    """The engine can't be built here; the message is one sentence for the user."""


def say(line: str) -> None:
    """Print a line of progress."""
    sys.stdout.write(f"engine: {line}\n")
    sys.stdout.flush()


def run(command: list[str | Path], environment: dict[str, str], cwd: Path | None = None) -> str:
    """Run a program and return what it printed; raises CalledProcessError with its stderr, or OSError."""
    done = subprocess.run(
        [str(part) for part in command], env=environment, cwd=cwd, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def bare_environment() -> dict[str, str]:
    """Return of our environment only what downloads and builds need: none of a user's credentials is in it."""
    return {name: value for name, value in os.environ.items() if name in _NEEDED or name.startswith(_NEEDED_ALL)}


def last_line(error: subprocess.CalledProcessError | OSError) -> str:
    """Return the line of a failed program's stderr that says most, the last one, without a registry's address.

    That may be a company's own, and hold a password.
    """
    if isinstance(error, OSError):
        return str(error)
    lines = [line.strip() for line in (error.stderr or "").splitlines() if line.strip()]
    output = lines[-1] if lines else f"it ended with exit code {error.returncode} and said nothing"
    return _LOOKED_UP.sub("looking up the registry", _URL.sub("the registry", output))
