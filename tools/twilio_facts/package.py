"""Twilio's npm package as it is downloaded: its OpenAPI files, and what it says of itself."""

import hashlib
import json
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any


@dataclass(frozen=True)
class Package:
    """The JSON files that were wanted, by their name."""

    name: str
    version: str
    licence: str
    files: dict[str, dict[str, Any]]
    sha256: dict[str, str]


def read_package(source: Path, wanted: tuple[str, ...]) -> Package:
    """Read a tarball of `npm pack`, or its unpacked folder; raises LookupError for one that is no such package."""
    try:
        found = _tarball(source, wanted) if source.is_file() else _folder(source, wanted)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise LookupError(f"it can't be read as a tarball; download it anew with npm pack ({error})") from error
    missing = [name for name in ("package.json", *wanted) if name not in found]
    if missing:
        raise LookupError(f"it has no {', '.join(missing)}; is it the package @twilio/cli-core?")
    about = json.loads(found["package.json"])
    return Package(
        name=about["name"],
        version=about["version"],
        licence=about["license"],
        files={name: json.loads(found[name]) for name in wanted},
        sha256={name: hashlib.sha256(found[name]).hexdigest() for name in wanted},
    )


def _tarball(source: Path, wanted: tuple[str, ...]) -> dict[str, bytes]:
    found = {}
    with tarfile.open(source) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            content = archive.extractfile(member) if _is_wanted(path, wanted) else None
            if content is not None:
                found[path.name] = content.read()
    return found


def _folder(source: Path, wanted: tuple[str, ...]) -> dict[str, bytes]:
    paths = [path for path in source.rglob("*.json") if _is_wanted(PurePosixPath(path.relative_to(source)), wanted)]
    return {path.name: path.read_bytes() for path in paths}


def _is_wanted(path: PurePosixPath, wanted: tuple[str, ...]) -> bool:
    # Only the package's own package.json: those of its dependencies lie deeper.
    return path.name in wanted or (path.name == "package.json" and len(path.parts) <= 2)
