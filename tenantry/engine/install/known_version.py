"""Which version a Pulumi said that it is: asked once for each binary, since asking is a start of a large program.

Remembered in the cache folder, by the file that PATH leads to. What may lead to another Pulumi tomorrow, though its own
file stays as it is, is asked each time: scripts, and the shims of version managers, which are links to the manager.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from tenantry.engine.install.cache import UntrustedError, find_cache_folder, make_cache_folder
from tenantry.engine.install.versions import Version, format_version, parse_version

REMEMBERED = "versions-on-path.json"
"""Paths of binaries, each with the facts of its file and the version that it said."""
_SCRIPT = b"#!"


def known_version(binary: Path, environ: Mapping[str, str], ask: Callable[[], Version]) -> Version:
    """Return the version of a binary as it said last, or as `ask` finds it; raises what `ask` raises."""
    try:
        file = find_cache_folder(environ) / REMEMBERED
        path, facts = str(binary.resolve()), _read_facts(binary.resolve())
    except (OSError, UntrustedError):
        return ask()
    remembered = _read(file)
    *same, answer = remembered.get(path) or [""]
    if facts and same == facts and (version := parse_version(str(answer))):
        return version
    version = ask()
    if facts:
        _write(file, {**remembered, path: [*facts, f"v{format_version(version)}"]})
    return version


def _read_facts(binary: Path) -> list[int]:
    """Return what changes with the file's contents; nothing where those do not tell which Pulumi runs."""
    with binary.open("rb") as file:
        if binary.name != "pulumi" or file.read(len(_SCRIPT)) == _SCRIPT:
            return []
        status = os.fstat(file.fileno())
    return [status.st_ino, status.st_size, status.st_mtime_ns]


def _read(file: Path) -> dict[str, Any]:
    try:
        remembered = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = remembered.items() if isinstance(remembered, dict) else ()
    return {path: entry for path, entry in entries if isinstance(entry, list) and entry}


def _write(file: Path, remembered: Mapping[str, Any]) -> None:
    """Replace the file as a whole; where that can't be, the next command asks again."""
    with suppress(OSError, UntrustedError):
        make_cache_folder(file.parent)
        with NamedTemporaryFile("w", dir=file.parent, prefix=".", delete=False, encoding="utf-8") as new:
            json.dump(remembered, new)
        Path(new.name).replace(file)
