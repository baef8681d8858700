"""Pulumi's own release, downloaded into our cache: its version is pinned, its bytes are compared with its checksum.

Nothing of it runs before that, not even an installer script. What the checksum proves: the archive, which comes from
Pulumi's own server, is the one that Pulumi's release at GitHub lists. An attacker who wants to replace it has to
write to both. What it does not prove: that a release on which both places agree is a good one. To pin the SHA-256 of
each platform here as well needs a release that was downloaded by somebody who trusts it.
"""

from __future__ import annotations

import fcntl
import hashlib
import platform
import shutil
import socket
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, getproxies

from tenantry.engine.install.cache import InstallerError, UntrustedError, make_cache_folder
from tenantry.engine.install.versions import PINNED, format_version
from tenantry.engine.run.bounded import call_within

ARCHIVES = "https://get.pulumi.com/releases/sdk/"
CHECKSUMS = "https://github.com/pulumi/pulumi/releases/download/"
_SECONDS_TO_CONNECT = 4.0
_SECONDS_BETWEEN_BYTES = 60.0
_CHECKSUMS_AT_MOST = 100_000
_BLOCK = 1 << 20
_PROGRAM = 0o755
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}

# Takes the address of a file, returns it open; raises OSError.
Fetch = Callable[[str], IO[bytes]]


def install_official(cache: Path) -> Path:
    """Download the pinned Pulumi into the cache; return the binary; raises InstallerError."""
    for host, port in _list_first_hops(getproxies()):
        if not _is_answering(host, port, _SECONDS_TO_CONNECT):
            raise InstallerError(
                f"Pulumi's release can't be reached ({host} gave no answer in {_SECONDS_TO_CONNECT:g} s)"
            )
    return install_release(cache, _fetch)


def install_release(cache: Path, fetch: Fetch) -> Path:
    """Install the pinned release from where `fetch` gets it, whole or not at all; raises InstallerError."""
    place = cache / f"v{format_version(PINNED)}"
    try:
        make_cache_folder(cache)
        with (cache / "lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.is_dir():
                _install_aside(cache, place, fetch)
    except UntrustedError as problem:
        raise InstallerError(str(problem)) from problem
    except (OSError, EOFError, HTTPException, tarfile.TarError, zlib.error) as problem:
        raise InstallerError(f"installing Pulumi {format_version(PINNED)} failed ({problem})") from problem
    return place / "bin" / "pulumi"


def name_archive() -> str:
    """Return the name of the release's archive for this machine; raises InstallerError where Pulumi has none."""
    system, machine = _SYSTEMS.get(platform.system()), _MACHINES.get(platform.machine().lower())
    if system is None or machine is None:
        raise InstallerError(f"Pulumi has no release for {platform.system()} on {platform.machine()}")
    return f"pulumi-v{format_version(PINNED)}-{system}-{machine}.tar.gz"


def _install_aside(cache: Path, place: Path, fetch: Fetch) -> None:
    name = name_archive()
    aside = Path(tempfile.mkdtemp(prefix="partial-", dir=cache))
    try:
        archive, listed = aside / name, _find_checksum(name, fetch)
        with fetch(f"{ARCHIVES}{name}") as source, archive.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
        _check(archive, listed)
        _unpack(archive, aside / "bin")
        archive.unlink()
        aside.rename(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _find_checksum(name: str, fetch: Fetch) -> str:
    """Return the SHA-256 that the release lists for an archive, or "none"."""
    version = format_version(PINNED)
    with fetch(f"{CHECKSUMS}v{version}/pulumi-{version}-checksums.txt") as source:
        lines = source.read(_CHECKSUMS_AT_MOST).decode("ascii", errors="replace").splitlines()
    held = {file.lstrip("*"): digest.lower() for digest, _, file in (line.partition("  ") for line in lines)}
    return held.get(name, "none")


def _check(archive: Path, listed: str) -> None:
    """Raise InstallerError for an archive that has another SHA-256 than its release lists."""
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if listed != found:
        raise InstallerError(
            f"{archive.name} has the SHA-256 {found}, Pulumi's release lists {listed} for it: it was deleted unused; "
            "try again, and if it happens again, tell security@pulumi.com"
        )


def _unpack(archive: Path, folder: Path) -> None:
    """Put the programs of an archive, files in its one folder, into a folder of ours."""
    folder.mkdir(_PROGRAM)
    with tarfile.open(archive) as held:
        for member in held:
            path = Path(member.name)
            source = held.extractfile(member) if member.isfile() and path.parent.name == "pulumi" else None
            if source is None:
                continue
            with source, (folder / path.name).open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
            (folder / path.name).chmod(_PROGRAM)


class _HttpsOnly(HTTPRedirectHandler):
    """Refuses a redirect away from TLS, which Python's own handler would follow."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme != "https":
            raise URLError(f"{req.full_url} leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _fetch(url: str) -> IO[bytes]:
    answer: IO[bytes] = build_opener(_HttpsOnly).open(url, timeout=_SECONDS_BETWEEN_BYTES)
    return answer


def _list_first_hops(proxies: Mapping[str, str]) -> list[tuple[str, int]]:
    proxy = urlsplit(proxies.get("https", ""))
    if proxy.hostname:
        return [(proxy.hostname, proxy.port or 80)]
    return [(urlsplit(url).hostname or "", 443) for url in (ARCHIVES, CHECKSUMS)]


def _is_answering(host: str, port: int, seconds: float) -> bool:
    def connect() -> bool:
        try:
            socket.create_connection((host, port), timeout=seconds).close()
        except OSError:
            return False
        return True

    return bool(call_within(seconds, connect))
