"""The stand-in language host: its files, and a Python of its own that every clone can use."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from installer.binary import HERE
from installer.environment import make_environment
from installer.tools import bare_environment, last_line, run, say

_WRAPPER = "pulumi-language-python"


def install_python(folder: Path) -> None:
    """Make the language host's own virtual environment; without PyPI it uses each project's, and we say so.

    It has the SDK only for its generated protos, so none of its own dependencies.
    """
    try:
        make_environment(folder, "host")
        run([folder / "bin" / "python", "-I", "-c", "import grpc, google.protobuf"], bare_environment())
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"the language host gets no Python of its own and will use each project's: {last_line(error)}")
        shutil.rmtree(folder, ignore_errors=True)


def host_is_current(place: Path) -> bool:
    """Say whether the installed stand-in is the one of this source tree."""
    return (place / f"host-{_digest()}").is_dir() and f"host-{_digest()}" in (place / "bin" / _WRAPPER).read_text()


def install_host(place: Path, version: str) -> None:
    """Put the stand-in into an engine's folder; the wrapper comes last, in one step: a running engine is safe."""
    folder = place / f"host-{_digest()}"
    if not folder.is_dir():
        aside = Path(tempfile.mkdtemp(prefix="partial-host-", dir=place))
        for source in _sources():
            shutil.copyfile(source, aside / source.name)
        aside.rename(folder)
    text = (HERE / "language_host" / _WRAPPER).read_text().replace("@HOST@", folder.name).replace("@VERSION@", version)
    wrapper = place / "bin" / f".{_WRAPPER}.{os.getpid()}"
    wrapper.write_text(text)
    wrapper.chmod(0o755)
    wrapper.replace(place / "bin" / _WRAPPER)


def _sources() -> list[Path]:
    lifeline = HERE.parent.parent / "tenantry" / "engine" / "run" / "lifeline.py"
    return [*sorted((HERE / "language_host").glob("*.py")), lifeline]


def _digest() -> str:
    parts = [*_sources(), HERE / "language_host" / _WRAPPER]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:12]
