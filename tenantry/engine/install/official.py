"""Pulumi's own installer, tried only where its server answers, and renamed into our cache when it is done."""

from __future__ import annotations

import fcntl
import shutil
import socket
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import getproxies

from tenantry.engine.run.bounded import within

_SERVER = ("get.pulumi.com", 443)
_SECONDS_TO_CONNECT = 4.0


class InstallerError(Exception):
    """Pulumi's installer could not be used; the text is one sentence for the user."""


def install_official(cache: Path) -> Path:
    """Download Pulumi in the version of our SDK into the cache; return the binary; raises InstallerError."""
    host, port = _first_hop()
    if not _answers(host, port, _SECONDS_TO_CONNECT):
        raise InstallerError(
            f"Pulumi's installer can't be reached ({host} gave no answer in {_SECONDS_TO_CONNECT:g} s)"
        )
    # Half a second to import; only needed here.
    from pulumi.automation import PulumiCommand
    from semver import VersionInfo

    sdk_version = VersionInfo.parse(version("pulumi"))
    place = cache / f"v{sdk_version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.is_dir():
            return place / "bin" / "pulumi"
        aside = Path(tempfile.mkdtemp(prefix="partial-", dir=cache))
        try:
            PulumiCommand.install(root=str(aside), version=sdk_version)
            aside.chmod(0o755)
            aside.rename(place)
        except (OSError, URLError, subprocess.SubprocessError, RuntimeError) as problem:
            shutil.rmtree(aside, ignore_errors=True)
            raise InstallerError(f"Pulumi's installer failed ({problem})") from problem
    return place / "bin" / "pulumi"


def _first_hop() -> tuple[str, int]:
    proxy = urlsplit(getproxies().get("https", ""))
    return (proxy.hostname, proxy.port or 80) if proxy.hostname else _SERVER


def _answers(host: str, port: int, seconds: float) -> bool:
    def connect() -> bool:
        try:
            socket.create_connection((host, port), timeout=seconds).close()
        except OSError:
            return False
        return True

    return bool(within(seconds, connect))
