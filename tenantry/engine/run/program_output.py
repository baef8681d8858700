"""What a program prints, as messages: Pulumi makes the same of the streams of its language host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.engine.events.event import Diagnostic, plain

SEVERITIES = ("info", "info#err")
"""Of standard output and of standard error."""


@dataclass
class ProgramOutput:
    """Two files that grow."""

    stdout: Path
    stderr: Path
    _read: list[int] = field(default_factory=lambda: [0, 0])

    def read(self, *, has_ended: bool = False) -> Iterator[Diagnostic]:
        """Yield the lines that were written since the last call; the last one may lack its end only at the end."""
        for number, (file, severity) in enumerate(zip((self.stdout, self.stderr), SEVERITIES, strict=True)):
            with file.open("rb") as stream:
                stream.seek(self._read[number])
                written = stream.read()
            whole = written if has_ended else written[: written.rfind(b"\n") + 1]
            self._read[number] += len(whole)
            lines = (plain(line) for line in whole.decode(errors="replace").splitlines())
            yield from (Diagnostic(severity, "", line) for line in lines if line)
