"""Manifests that a command has read, handed to the program of its preview: to read 1,000 takes ten times as long.

Only a program of the same code takes them, for the same folder and stack. Any other reads the files itself, and so does
one that is there before the command has read them.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pydantic

from tenantry.manifest.read_variable import READ_VARIABLE
from tenantry.model.project import Stack
from tenantry.model.stack_name import short_name
from tenantry.model.tenant import Tenant


@dataclass(frozen=True)
class Manifests:
    """What a program needs of a project as one stack sees it: its settings, and its tenants by slug, without error."""

    stack: Stack
    tenants: Mapping[str, Tenant]


def hand_manifests(file: Path, root: Path, stack: str, manifests: Manifests) -> None:
    """Write the manifests of a project for its program, whole or not at all; only we may read the file's folder."""
    unnamed = file.with_name(f"{file.name}.new")
    unnamed.write_bytes(_identify(root, stack) + pickle.dumps(manifests))
    unnamed.rename(file)


def handed_manifests(environ: Mapping[str, str], root: Path, stack: str) -> Manifests | None:
    """Return what the program of this process was handed; None where that is nothing, or something else."""
    named, expected = environ.get(READ_VARIABLE), _identify(root, stack)
    try:
        written = Path(named).read_bytes() if named else b""
    except OSError:
        return None
    if not written.startswith(expected):
        return None
    manifests: Manifests = pickle.loads(written[len(expected) :])  # noqa: S301  # of our own command, in its own folder
    return manifests


def _identify(root: Path, stack: str) -> bytes:
    """Return what must be the same for whoever writes and reads, in a line."""
    facts = [__file__, sys.version, pydantic.VERSION, str(root.resolve()), short_name(stack)]
    return f"{json.dumps(facts)}\n".encode()
