"""Which Pulumi runs: that on PATH if it is new enough, else the newest in our cache, else the pinned release."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tenantry.engine.install.cache import InstallerError, UntrustedError, check_engine, find_cache_folder
from tenantry.engine.install.known_version import known_version
from tenantry.engine.install.versions import MINIMUM, Version, format_version, parse_version

LANGUAGE_HOST = "pulumi-language-python"
_SECONDS_FOR_VERSION = 20
_STAND_IN, _BEGIN = b"stand-in language host", 256
"""What the first line of our script says (tools/engine/language_host)."""
_HARMLESS = ("HOME", "PATH", "TMPDIR", "LANG")
"""The variables that a Pulumi gets that was just downloaded; none of the user's credentials."""

# Takes the cache folder, returns the binary it put there; raises InstallerError.
Installer = Callable[[Path], Path]


@dataclass(frozen=True)
class Engine:
    """A usable Pulumi CLI, where it came from, and one sentence for each that was passed over before it."""

    binary: Path
    version: Version
    origin: Literal["PATH", "cache", "release"]
    passed_over: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"Pulumi {format_version(self.version)} from {self.origin} ({self.binary})"


class NoEngineError(Exception):
    """There is no usable Pulumi; the text names every place that was tried and what to do."""


class _PassedOverError(Exception):
    """One place has no usable Pulumi; the text says why."""


def download(cache: Path) -> Path:
    """Download Pulumi's own release, as `install_official` does."""
    from tenantry.engine.install.official import install_official  # TLS and HTTP, for the first run alone

    return install_official(cache)


def find_engine(environ: Mapping[str, str], install: Installer | None = download) -> Engine:
    """Return the Pulumi to run; raises NoEngineError. Without `install` nothing is ever downloaded."""
    sources: list[Callable[[], Engine]] = [lambda: _find_on_path(environ), lambda: _find_in_cache(environ)]
    if install is not None:
        sources.append(lambda: _install(environ, install))
    passed_over: list[str] = []
    for source in sources:
        try:
            return replace(source(), passed_over=tuple(passed_over))
        except _PassedOverError as reason:
            passed_over.append(str(reason))
    tried = "; ".join(passed_over)
    raise NoEngineError(
        f"No usable Pulumi: {tried}. "
        f"Install {format_version(MINIMUM)} or newer (https://www.pulumi.com/docs/install/), or run `make engine` "
        "in a clone of Tenantry, which builds it from Pulumi's Go modules."
    )


def language_host(engine: Engine, environ: Mapping[str, str]) -> Path:
    """Return the Python language host that Pulumi takes: the first on PATH, or that beside it.

    (GetPluginPath in workspace/plugins.go of 3.259; engine/run/environment.py puts the engine's folder first.)
    """
    beside = engine.binary.resolve().with_name(LANGUAGE_HOST)
    if environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in {"1", "true"}:
        return beside
    path = f"{engine.binary.parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    return Path(shutil.which(LANGUAGE_HOST, path=path) or beside)


def is_stand_in(host: Path) -> bool:
    """Return whether a language host is ours, which is a script; Pulumi's own is a binary."""
    try:
        with host.open("rb") as file:
            return _STAND_IN in file.read(_BEGIN)
    except OSError:
        return False


def start_problem(engine: Engine, environ: Mapping[str, str]) -> str | None:
    """Return why an engine does not start, asked by starting it; None where it does."""
    try:
        version = _version_of(engine.binary, environ)
    except _PassedOverError as problem:
        return str(problem)
    if version == engine.version:
        return None
    found, expected = format_version(version), format_version(engine.version)
    return f"{engine.binary} says that it is {found}, and its folder that it is {expected}"


def _find_on_path(environ: Mapping[str, str]) -> Engine:
    found = shutil.which("pulumi", path=environ.get("PATH", os.defpath))
    if found is None:
        raise _PassedOverError("there is no pulumi on PATH")
    if not Path(found).is_absolute():
        # The project that this runs in could contain a program of that name.
        raise _PassedOverError(f"{found} was found by a relative entry of PATH: make that entry absolute")
    version = known_version(Path(found), environ, lambda: _version_of(Path(found), environ))
    if version < MINIMUM:
        raise _PassedOverError(
            f"{found} on PATH is {format_version(version)}, too old (needs {format_version(MINIMUM)} or newer)"
        )
    if not (_has_host_beside(Path(found)) or shutil.which(LANGUAGE_HOST, path=environ.get("PATH", os.defpath))):
        raise _PassedOverError(f"{found} on PATH has no {LANGUAGE_HOST} beside it, which Python programs need")
    return Engine(Path(found), version, "PATH")


def _find_in_cache(environ: Mapping[str, str]) -> Engine:
    try:
        folder = find_cache_folder(environ)
    except UntrustedError as problem:
        raise _PassedOverError(str(problem)) from problem
    # Installs get their final name by a rename when they are whole, so a name that is a version is a promise.
    found = [(version, entry) for entry in folder.glob("v*") if (version := parse_version(entry.name))]
    usable = [(version, entry) for version, entry in found if version >= MINIMUM and _is_whole(entry / "bin")]
    if usable:
        version, entry = max(usable)
        try:
            check_engine(folder, entry)
        except UntrustedError as problem:
            raise _PassedOverError(str(problem)) from problem
        return Engine(entry / "bin" / "pulumi", version, "cache")
    names = ", ".join(sorted(entry.name for _, entry in found))
    why = f" ({names}: too old or not complete)" if names else ""
    raise _PassedOverError(f"{folder} holds no usable engine{why}")


def _install(environ: Mapping[str, str], install: Installer) -> Engine:
    try:
        binary = install(find_cache_folder(environ))
    except (InstallerError, UntrustedError) as problem:
        raise _PassedOverError(str(problem)) from problem
    harmless = {name: environ[name] for name in _HARMLESS if name in environ}
    return Engine(binary, _version_of(binary, harmless), "release")


def _version_of(binary: Path, environ: Mapping[str, str]) -> Version:
    quiet = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        completed = subprocess.run(
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
    version = parse_version(completed.stdout)
    if version is None:
        raise _PassedOverError(f"`{binary} version` said {completed.stdout.strip()!r}, which is no version")
    return version


def _is_whole(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("pulumi", LANGUAGE_HOST, f"{LANGUAGE_HOST}-exec"))


def _has_host_beside(binary: Path) -> bool:
    return os.access(binary.resolve().with_name(LANGUAGE_HOST), os.X_OK)
