"""A Pulumi home for one run, in which Pulumi can't write its automatic debug log.

The CLI logs every run, properties and all, at its most talkative level into `logs` of its home. That is a third of its
own work and up to 500 MB on disk, and no flag or variable ends it; but where the folder can't be made, the CLI goes on
without it (pkg/logging/encrypted.go and cmd/pulumi/pulumi.go of 3.259).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

KEEP_LOG = "TENANTRY_PULUMI_LOG"
"""Set this variable to have Pulumi write its log, as `pulumi preview` and `pulumi up` always do."""

LOGS = "logs"
_INSTALLED_INTO = ("plugins", "policies")
"""What Pulumi may install during a run, which must outlive it."""


@contextmanager
def home_without_log(environ: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Yield the variables of a home that is the user's in all but its logs; none where the log is wanted.

    Nor where the user's home can't be written: there is no log then either.
    """
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi").absolute()
    if environ.get(KEEP_LOG) or not _can_be_installed_into(home):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="tenantry-home-") as folder:
        for entry in home.iterdir():
            if entry.name != LOGS:
                Path(folder, entry.name).symlink_to(entry)
        Path(folder, LOGS).touch()
        yield {"PULUMI_HOME": folder}


def _can_be_installed_into(home: Path) -> bool:
    try:
        for name in _INSTALLED_INTO:
            (home / name).mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True
