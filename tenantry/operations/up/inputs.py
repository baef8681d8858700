"""Everything that can differ between a plan and its run, as digests: where one differs, the run does not begin.

The files of the project and of policy packs, what is installed beside it, the stack's state, and the day (UTC). What
the program reads of its environment can't differ: both runs get the one of this process.
"""

import hashlib
import json
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tenantry.engine.run.command import Project
from tenantry.manifest.changed import INERT, STACK_SETTINGS
from tenantry.model.stack_name import short_name
from tenantry.text.printable import printable

NAMED = 5
UNREAD = (*INERT, "*.log", "*.txt", "*.out", "*.tmp", "*~", "*.swp", "preview.json", "up.json")
"""Files that no run reads, and that people write while a run waits: logs, reports, notes."""
NOT_WALKED = frozenset({"__pycache__", "node_modules"})
_CIPHERTEXT = re.compile(r'"ciphertext": ?"[^"]*"')
"""Encrypted anew by some backends at each export."""


@dataclass(frozen=True)
class Inputs:
    """What a plan was made from: digests by name, the name being what people know the thing by."""

    files: Mapping[str, str]
    packages: str
    state: str
    day: date

    def changes_to(self, now: "Inputs") -> tuple[str, ...]:
        """Return what is not as it was, in words; nothing if all is."""
        names = sorted(self.files.keys() | now.files.keys())
        changed = [printable(name) for name in names if self.files.get(name) != now.files.get(name)]
        more = [f"{len(changed) - NAMED} more files"] if len(changed) > NAMED else []
        words = [*changed[:NAMED], *more]
        if self.packages != now.packages:
            words.append("the packages in the virtual environment")
        if self.state != now.state:
            words.append("the stack's state, which another run has written")
        if self.day != now.day:
            words.append(f"the day, which was {self.day} and is {now.day} (UTC)")
        return tuple(words)


def digest_inputs(project: Project, packs: Iterable[Path], exported: Mapping[str, Any], today: date) -> Inputs:
    """Return what a run of this moment would be made from; `exported` is what `pulumi stack export` prints."""
    folders = (project.folder, *(pack for pack in packs if not pack.is_relative_to(project.folder)))
    aside, settings = _find_written_meanwhile(project), f"Pulumi.{short_name(project.stack)}.yaml"
    found = {name: digest for folder in folders for name, digest in _list_files(folder, project.folder, aside)}
    files = {name: found[name] for name in found if name == settings or not fnmatchcase(name, STACK_SETTINGS)}
    return Inputs(files, digest_packages(project.folder), _digest_of_state(exported), today)


def _list_files(folder: Path, root: Path, aside: frozenset[Path]) -> Iterator[tuple[str, str]]:
    """Yield the name of each file that a run may read, and what is in it."""
    ours = _find_own_files()
    for place, folders, names in os.walk(folder):
        folder_path = Path(place)
        folders[:] = sorted(name for name in folders if _is_walked(folder_path / name, aside))
        for name in (*names, *(link for link in folders if Path(folder_path, link).is_symlink())):
            path = folder_path / name
            shown = os.path.relpath(path, root)
            if not (name.startswith(".") or any(fnmatchcase(shown, pattern) for pattern in UNREAD)):
                yield shown, _digest_of_file(path, ours)


def _is_walked(folder: Path, aside: frozenset[Path]) -> bool:
    hidden = folder.name.startswith(".") or folder.name in NOT_WALKED
    return not hidden and folder.resolve() not in aside and not Path(folder, "pyvenv.cfg").exists()


def _digest_of_file(path: Path, ours: frozenset[tuple[int, int]]) -> str:
    """Return a digest of what is in a file or a link leads to; of what can't be read, why."""
    try:
        target = f"{path.readlink()} " if path.is_symlink() else ""
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or (found.st_dev, found.st_ino) in ours:
            return f"{target}no file"
        with path.open("rb") as content:
            return target + hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return f"can't be read: {error.strerror}"


def _find_own_files() -> frozenset[tuple[int, int]]:
    """Return the files that our own output goes to: they grow while we look."""
    found = set()
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                of_stream = os.fstat(stream.fileno())
                found.add((of_stream.st_dev, of_stream.st_ino))
        except (OSError, ValueError):
            continue  # closed, or no file at all
    return frozenset(found)


def _find_written_meanwhile(project: Project) -> frozenset[Path]:
    """Return the folders in which a preview itself writes: Pulumi's home, a backend of files, temporary files."""
    home, backend = project.environ.get("PULUMI_HOME"), urlsplit(project.environ.get("PULUMI_BACKEND_URL", ""))
    folders = [Path(tempfile.gettempdir()), *([Path(project.folder, home)] if home else [])]
    if backend.scheme == "file":
        folders.append(Path(project.folder, unquote(f"{backend.netloc}{backend.path}")))
    return frozenset(folder.resolve() for folder in folders)


def digest_packages(root: Path) -> str:
    """Return a digest of what is installed in the project's environment: the lists of its files with their hashes."""
    found = sorted(root.glob(".venv/lib/python*/site-packages/*.dist-info/RECORD"))
    return _digest("\n".join(f"{path.parent.name} {_digest_of_file(path, frozenset())}" for path in found))


def _digest_of_state(exported: Mapping[str, Any]) -> str:
    return _digest(_CIPHERTEXT.sub('"ciphertext":""', json.dumps(exported, sort_keys=True)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
