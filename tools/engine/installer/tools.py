"""Running other programs, and saying what happens in short lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


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


def last_line(error: subprocess.CalledProcessError | OSError) -> str:
    """Return the line of a failed program's stderr that says most: the last one."""
    if isinstance(error, OSError):
        return str(error)
    lines = [line.strip() for line in (error.stderr or "").splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with exit code {error.returncode} and said nothing"
