"""The file in which a backend of files keeps a stack's state: whether it is whole, and which copy of it is.

Pulumi (CLI 3.259) copies the file to `<stack>.json.bak` before each write, and into `.pulumi/backups` after each run. A
write on a full disk leaves a file that is cut, and then every command fails until it is repaired, though the copy
beside it is whole.
"""

from __future__ import annotations

import gzip
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tenantry.model.stack_name import short_name
from tenantry.text.redaction import redact

UNREAD = "failed to load checkpoint"
"""What Pulumi says about a state that it can't read (CLI 3.259)."""
RUNBOOK = '"A state that is cut" in docs/reliability.md'
_SUFFIXES = (".json", ".json.gz")


@dataclass(frozen=True)
class StateFile:
    """The file of one stack's state, and the folder with Pulumi's copies of earlier ones."""

    path: Path
    backups: Path

    @property
    def problem(self) -> str | None:
        """Why it can't be read as a state; None where it can."""
        return _find_problem(self.path)

    def copy(self) -> Path | None:
        """Return the newest copy that is whole, None where there is none."""
        return next((copy for copy in self._list_copies() if copy.is_file() and _find_problem(copy) is None), None)

    def _list_copies(self) -> Iterator[Path]:
        yield Path(f"{self.path}.bak")
        found = [kept for kept in self.backups.glob("*.json*") if kept.suffix == self.path.suffix]
        yield from sorted(found, key=lambda kept: kept.stat().st_mtime, reverse=True)


def folder_of(url: str, project: Path) -> Path | None:
    """Return the folder of a backend of files, from its URL; None for any other backend."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    return Path(project, Path(unquote(f"{parts.netloc}{parts.path}")).expanduser())


def find_state_file(url: str, project: Path, stack: str) -> StateFile | None:
    """Return the file of a stack's state; None where the backend has no such file."""
    folder = folder_of(url, project)
    if folder is None:
        return None
    name, stacks = short_name(stack), folder / ".pulumi" / "stacks"
    for part in (_find_project_name(project), ""):
        paths = [path for suffix in _SUFFIXES if (path := stacks / part / f"{name}{suffix}").is_file()]
        if paths:
            return StateFile(paths[0], folder / ".pulumi" / "backups" / part / name)
    return None


def advice(url: str, project: Path, stack: str) -> str:
    """Return what to do about a state that Pulumi can't read: which file it is, and how it comes back."""
    file = find_state_file(url, project, stack)
    if file is None:
        return f"The state is in {redact(url)}: put its last whole version back there; see {RUNBOOK}."
    problem = file.problem
    if problem is None:
        return f"The state is {file.path}, which is whole: check its permissions, and look at the files beside it."
    damage = f"The state of stack {short_name(stack)}, {file.path}, is cut off or damaged ({problem})."
    copy = file.copy()
    if copy is None:
        return f"{damage} Pulumi has no whole copy of it: restore it from a backup of yours; see {RUNBOOK}."
    command = f"cp {shlex.quote(str(copy))} {shlex.quote(str(file.path))}"
    way = f"Make room on that disk if it is full, then put Pulumi's last copy back with `{command}`"
    return f"{damage} {way}; see {RUNBOOK}."


def _find_problem(path: Path) -> str | None:
    try:
        written = path.read_bytes()
        state: Any = json.loads(gzip.decompress(written) if path.name.removesuffix(".bak").endswith(".gz") else written)
    except (OSError, EOFError, ValueError, RecursionError) as error:
        return f"{path.stat().st_size} bytes, {error}" if path.exists() else str(error)
    is_state = isinstance(state, dict) and "checkpoint" in state
    latest = state["checkpoint"].get("latest") if is_state and isinstance(state["checkpoint"], dict) else None
    return None if is_state and has_resources(latest or {}) else "it is no state of Pulumi's"


def has_resources(latest: Any) -> bool:
    """Return whether what a state holds has a list of resources, or none yet, as all who read it rely on."""
    resources = (latest.get("resources") or []) if isinstance(latest, dict) else None
    return isinstance(resources, list) and all(map(_is_resource, resources))


def _is_resource(resource: Any) -> bool:
    return (
        isinstance(resource, dict)
        and isinstance(resource.get("type"), str)
        and isinstance(resource.get("urn"), str)
        and isinstance(resource.get("inputs") or {}, dict)
        and isinstance(resource.get("outputs") or {}, dict)
    )


def _find_project_name(project: Path) -> str:
    import yaml  # not above: what starts Pulumi seldom asks for this

    try:
        settings = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ""
    return str(settings.get("name", "")) if isinstance(settings, dict) else ""
