"""Looking for secrets in all that commands print and leave: as they are, in base64, in URLs, packed."""

import base64
import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from e2e_project import Done, Project, secrets_of

from tenantry.engine.run.home import LOGS

UV_LOCK = re.compile(r"uv-[0-9a-f]+\.lock")
GZIP = b"\x1f\x8b"
CHATTY = "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"
"""Runs at the start of each Python process that finds it: every logger of every library tells all."""


@dataclass(frozen=True)
class Watched:
    """A project whose commands are listened to, with a home and a folder for temporary files of its own."""

    project: Project
    outputs: dict[str, bytes] = field(default_factory=dict)

    def tenantry(self, *words: str, **variables: str | None) -> Done:
        """Run our command line and keep what it printed."""
        return self._heard(" ".join(words), self.project.tenantry(*words, **variables))

    def pulumi(self, *words: str, **variables: str | None) -> Done:
        """Run plain Pulumi and keep what it printed."""
        return self._heard(f"pulumi {' '.join(words)}", self.project.pulumi(*words, **variables))

    @property
    def temporary(self) -> Path:
        """Where all temporary files go."""
        return self.project.folder / "tmp"

    def list_leftovers(self) -> list[str]:
        """Return what is in the temporary folder, but for uv's locks, which are empty (`uv sync` leaves them)."""
        found = [path for path in self.temporary.iterdir() if not UV_LOCK.fullmatch(path.name) or path.stat().st_size]
        return sorted(path.name for path in found)

    def leaks(self) -> list[str]:
        """Return the commands and files in which a secret of the fake can be read."""
        return leaks(self.texts(), secrets_of(self.project.fake.store))

    def texts(self) -> Mapping[str, bytes]:
        """Return all that commands printed, and the files in the project, its state, home and temporary folder."""
        files = {
            str(path.relative_to(self.project.folder)): path.read_bytes()
            for path in self.project.folder.rglob("*")
            if path.is_file() and ".venv" not in path.parts
        }
        return self.outputs | files | {"the backend": self.project.backend.whole().encode()}

    def _heard(self, command: str, done: Done) -> Done:
        self.outputs[f"{len(self.outputs)}: {command}"] = done.output.encode()
        return done


def watch(project: Project) -> Watched:
    """Return a project that is watched; all that its commands leave anywhere is in its folder, with Pulumi's log."""
    places = {"HOME": "home", "TMPDIR": "tmp", "PYTHONPATH": "chatty"}
    for name in places.values():
        (project.folder / name).mkdir()
    Path(project.environ["PULUMI_HOME"], LOGS).unlink()
    (project.folder / "chatty" / "sitecustomize.py").write_text(CHATTY)
    connection = {variable: str(project.folder / name) for variable, name in places.items()}
    return Watched(replace(project, environ={**project.environ, **connection}))


def leaks(texts: Mapping[str, bytes], secrets: Iterable[str]) -> list[str]:
    """Return the names of the texts that hold a secret in any form, each with its first characters to look for."""
    wanted = [(secret, form) for secret in secrets for form in forms(secret)]
    return sorted(
        {
            f"{name} ({secret[:4]}…)"
            for name, text in texts.items()
            for secret, form in wanted
            if form in (gzip.decompress(text) if text.startswith(GZIP) else text)
        }
    )


def forms(secret: str) -> set[bytes]:
    """Return a secret as it is, as URLs have it, and as base64 has it wherever it begins, such as after `SK…:`."""
    raw = secret.encode()
    return {raw, quote(secret, safe="").encode(), raw.hex().encode()} | {_pack(raw, offset) for offset in range(3)}


def _pack(raw: bytes, offset: int) -> bytes:
    """Return what base64 makes of some bytes after `offset` others, without the signs that depend on the neighbours."""
    first = -(-offset * 4 // 3)
    whole = (offset + len(raw)) * 4 // 3
    return base64.b64encode(b"\0" * offset + raw)[first:whole]
