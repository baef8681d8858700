"""Which Pulumi runs: the one on PATH if new enough, else the newest in our cache, else one from Pulumi's installer."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tenantry.engine.install.official import InstallerError, install_official
from tenantry.engine.install.versions import MINIMUM, Version, parse_version, written

LANGUAGE_HOST = "pulumi-language-python"
_SECONDS_FOR_VERSION = 20

# Takes the cache folder, returns the binary it put there; raises InstallerError.
Installer = Callable[[Path], Path]


@dataclass(frozen=True)
class Engine:
    """A usable Pulumi CLI, where it came from, and one sentence for each that was passed over before it."""

    binary: Path
    version: Version
    origin: Literal["PATH", "cache", "installer"]
    passed_over: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"Pulumi {written(self.version)} from {self.origin} ({self.binary})"


class NoEngineError(Exception):
    """There is no usable Pulumi; the text names every place that was tried and what to do."""


class _PassedOverError(Exception):
    """One place has no usable Pulumi; the text says why."""


def find_engine(environ: Mapping[str, str], install: Installer | None = install_official) -> Engine:
    """Return the Pulumi to run; raises NoEngineError. Without `install` nothing is ever downloaded."""
    sources: list[Callable[[], Engine]] = [lambda: _on_path(environ), lambda: _in_cache(environ)]
    if install is not None:
        sources.append(lambda: _installed(environ, install))
    passed_over: list[str] = []
    for source in sources:
        try:
            return replace(source(), passed_over=tuple(passed_over))
        except _PassedOverError as reason:
            passed_over.append(str(reason))
    tried = "; ".join(passed_over)
    raise NoEngineError(
        f"No usable Pulumi: {tried}. Install {written(MINIMUM)} or newer (https://www.pulumi.com/docs/install/), "
        "or run `make engine` in a clone of Tenantry, which builds it from Pulumi's Go modules."
    )


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder with one engine a version; every clone and project of this user shares it."""
    base = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME", "~")).expanduser() / ".cache")
    return Path(base) / "tenantry" / "engine"


def is_stand_in(engine: Engine) -> bool:
    """Say whether the engine's language host is ours, a script; Pulumi's own is a binary and needs uv on PATH."""
    host = engine.binary.resolve().with_name(LANGUAGE_HOST)
    return host.is_file() and host.read_bytes()[:2] == b"#!"


def start_problem(engine: Engine, environ: Mapping[str, str]) -> str | None:
    """Return why an engine does not start, asked by starting it; None where it does."""
    try:
        version = _version_of(engine.binary, environ)
    except _PassedOverError as problem:
        return str(problem)
    if version == engine.version:
        return None
    return f"{engine.binary} says that it is {written(version)}, and its folder that it is {written(engine.version)}"


def _on_path(environ: Mapping[str, str]) -> Engine:
    found = shutil.which("pulumi", path=environ.get("PATH", os.defpath))
    if found is None:
        raise _PassedOverError("there is no pulumi on PATH")
    version = _version_of(Path(found), environ)
    if version < MINIMUM:
        raise _PassedOverError(f"{found} on PATH is {written(version)}, too old (needs {written(MINIMUM)} or newer)")
    if not (_beside(Path(found)) or shutil.which(LANGUAGE_HOST, path=environ.get("PATH", os.defpath))):
        raise _PassedOverError(f"{found} on PATH has no {LANGUAGE_HOST} beside it, which Python programs need")
    return Engine(Path(found), version, "PATH")


def _in_cache(environ: Mapping[str, str]) -> Engine:
    folder = cache_folder(environ)
    # Installs get their final name by a rename when they are whole, so a name that is a version is a promise.
    found = [(version, entry) for entry in folder.glob("v*") if (version := parse_version(entry.name))]
    usable = [(version, entry) for version, entry in found if version >= MINIMUM and _is_whole(entry / "bin")]
    if usable:
        version, entry = max(usable)
        return Engine(entry / "bin" / "pulumi", version, "cache")
    names = ", ".join(sorted(entry.name for _, entry in found))
    why = f" ({names}: too old or not complete)" if names else ""
    raise _PassedOverError(f"{folder} holds no usable engine{why}")


def _installed(environ: Mapping[str, str], install: Installer) -> Engine:
    try:
        binary = install(cache_folder(environ))
    except InstallerError as problem:
        raise _PassedOverError(str(problem)) from problem
    return Engine(binary, _version_of(binary, environ), "installer")


def _version_of(binary: Path, environ: Mapping[str, str]) -> Version:
    quiet = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run(
            [binary, "version"],
            env=quiet,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
            timeout=_SECONDS_FOR_VERSION,
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise _PassedOverError(f"`{binary} version` failed ({problem})") from problem
    version = parse_version(said.stdout)
    if version is None:
        raise _PassedOverError(f"`{binary} version` said {said.stdout.strip()!r}, which is no version")
    return version


def _is_whole(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("pulumi", LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec"))


def _beside(binary: Path) -> bool:
    return os.access(binary.resolve().with_name(LANGUAGE_HOST), os.X_OK)
