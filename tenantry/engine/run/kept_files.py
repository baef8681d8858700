"""What a backend of files keeps of a stack, without a start of Pulumi, which is 0.2 s of CPU for each question.

Only where Pulumi's answer is known to be what the file says: the environment names the folder, the engine is one whose
format we know, and the versions in the files are those of that format (pkg/backend/diy of 3.259). `pulumi stack export`
prints the `latest` of the checkpoint, `pulumi stack tag ls` the tags, and `pulumi stack tag set` writes them as a new
file in the place of the old one, without a lock. Else, or where a file can't be read as a whole, nothing is done, and
the caller asks Pulumi, which knows how to say what is wrong.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from tenantry.engine.install.versions import MINIMUM, PINNED, Version
from tenantry.engine.run.state_file import find_state_file, folder_of, has_resources

BACKEND = "PULUMI_BACKEND_URL"
LAYOUT = "version: 1"
"""What `.pulumi/meta.yaml` says of a backend whose stacks lie in folders named after their projects."""
CHECKPOINT, TAGS = 3, 1
"""The versions of the two files."""
_MORE_THAN_ONE = (".json.gz", ".json.zst")
"""Where a compressed state lies beside the plain one, the newest counts."""


@dataclass(frozen=True)
class Checkpoint:
    """The file of a stack's state, and what is in it."""

    file: Path
    content: dict[str, Any]


def read_checkpoint(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> Checkpoint | None:
    """Return the state of a stack as its file has it; None where Pulumi has to be asked."""
    file = _find_file(environ, project, stack, version)
    kept = _read(file) if file else None
    if file is None or kept is None or kept.keys() != {"version", "checkpoint"} or kept["version"] != CHECKPOINT:
        return None
    checkpoint = kept["checkpoint"]
    is_known = isinstance(checkpoint, dict) and has_resources(checkpoint.get("latest"))
    return Checkpoint(file, kept) if is_known else None


def read_kept_state(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> dict[str, Any] | None:
    """Return the state of a stack as `pulumi stack export` prints it; None where Pulumi has to be asked."""
    kept = read_checkpoint(environ, project, stack, version)
    return {"version": CHECKPOINT, "deployment": kept.content["checkpoint"]["latest"]} if kept else None


def read_kept_tags(environ: Mapping[str, str], project: Path, stack: str, version: Version) -> dict[str, str] | None:
    """Return the tags of a stack; None where Pulumi has to be asked."""
    file = _find_file(environ, project, stack, version)
    return _read_tags(tags_beside(file)) if file else None


def set_kept_tag(
    environ: Mapping[str, str], project: Path, stack: str, version: Version, tag: tuple[str, str | None]
) -> bool:
    """Set a tag of a stack, or remove it where its value is None; return whether that was done.

    Killed at any moment, it leaves the tags as they were or as they shall be.
    """
    name, value = tag
    file = _find_file(environ, project, stack, version)
    tags = _read_tags(tags_beside(file)) if file else None
    if file is None or tags is None:
        return False
    remaining = {key: text for key, text in tags.items() if key != name}
    wanted = remaining if value is None else {**remaining, name: value}
    return bool(wanted) and _replace(tags_beside(file), json.dumps({"version": TAGS, "tags": wanted}))


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


def tags_beside(file: Path) -> Path:
    """Return the file with the tags of a stack."""
    return file.with_name(f"{file.stem}.pulumi-tags")


def _read_tags(file: Path) -> dict[str, str] | None:
    kept = _read(file)
    if kept is None or kept.keys() != {"version", "tags"} or kept["version"] != TAGS:
        return None
    tags: dict[str, str] | None = kept["tags"]
    return tags if isinstance(tags, dict) else None


def _replace(file: Path, text: str) -> bool:
    """Put a whole new file in the place of one; return whether that was done."""
    if file.is_symlink() or file.with_name(f"{file.name}.attrs").exists():
        return False  # Pulumi keeps a digest there where metadata are not skipped
    try:
        with NamedTemporaryFile("w", dir=file.parent, prefix=".", delete=False, encoding="utf-8") as new:
            new.write(text)
        shutil.copymode(file, new.name)
        Path(new.name).replace(file)
    except OSError:
        return False
    return True


def _is_known_layout(folder: Path) -> bool:
    try:
        return (folder / ".pulumi" / "meta.yaml").read_text(encoding="utf-8").strip() == LAYOUT
    except (OSError, UnicodeDecodeError):
        return False


def _read(file: Path) -> dict[str, Any] | None:
    from pydantic_core import from_json  # not above: most of what can start Pulumi reads no state

    try:
        kept = from_json(file.read_bytes())  # of a large state a third of the time that `json` takes
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None
