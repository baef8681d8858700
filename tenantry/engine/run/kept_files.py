"""What a backend of files keeps of a stack, read without a start of Pulumi, which is 0.2 s of CPU for each question.

Only where Pulumi's answer is known to be what the file says: the environment names the folder, the engine is one whose
format we know, and the versions in the files are those of that format (pkg/backend/diy of 3.259). `pulumi stack export`
prints the `latest` of the checkpoint, `pulumi stack tag ls` the tags. Else, or where a file can't be read as a whole,
nothing is returned, and the caller asks Pulumi, which knows how to say what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenantry.engine.install.versions import MINIMUM, PINNED, Version
from tenantry.engine.run.state_file import find_state_file, folder_of

BACKEND = "PULUMI_BACKEND_URL"
LAYOUT = "version: 1"
"""What `.pulumi/meta.yaml` says of a backend whose stacks lie in folders named after their projects."""
CHECKPOINT, TAGS = 3, 1
"""The versions of the two files."""
_MORE_THAN_ONE = (".json.gz", ".json.zst")
"""Where a compressed state lies beside the plain one, the newest counts."""


def read_kept_state(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> dict[str, Any] | None:
    """Return the state of a stack as `pulumi stack export` prints it; None where Pulumi has to be asked."""
    file = _find_file(environ, project, stack, version)
    kept = _read(file) if file else None
    if kept is None or kept.keys() != {"version", "checkpoint"} or kept["version"] != CHECKPOINT:
        return None
    latest = kept["checkpoint"].get("latest")
    return {"version": CHECKPOINT, "deployment": latest} if isinstance(latest, dict) else None


def read_kept_tags(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> dict[str, str] | None:
    """Return the tags of a stack; None where Pulumi has to be asked."""
    file = _find_file(environ, project, stack, version)
    kept = _read(file.with_name(f"{file.stem}.pulumi-tags")) if file else None
    if kept is None or kept.get("version") != TAGS or not isinstance(kept.get("tags"), dict):
        return None
    tags: dict[str, str] = kept["tags"]
    return tags


def _find_file(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> Path | None:
    url = environ.get(BACKEND, "")
    folder = folder_of(url, project)
    if folder is None or "/" in stack or not MINIMUM <= version <= PINNED:
        return None
    file = find_state_file(url, project, stack)
    if file is None or file.path.suffix != ".json" or file.path.parent.parent.name != "stacks":
        return None
    if any(file.path.with_suffix(suffix).exists() for suffix in _MORE_THAN_ONE) or not _is_known_layout(folder):
        return None
    return file.path


def _is_known_layout(folder: Path) -> bool:
    try:
        return (folder / ".pulumi" / "meta.yaml").read_text(encoding="utf-8").strip() == LAYOUT
    except (OSError, UnicodeDecodeError):
        return False


def _read(file: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, dict) else None
