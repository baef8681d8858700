"""A Pulumi home for one run, in which Pulumi can't write its automatic debug log.

The CLI logs every run, with properties, at its most verbose level into `logs` of its home. That is a third of its own
work and up to 500 MB on disk, and no flag or variable disables it; but where the folder can't be made, the CLI goes on
without it (pkg/logging/encrypted.go and cmd/pulumi/pulumi.go of 3.259).
"""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

KEEP_LOG = "TENANTRY_PULUMI_LOG"
"""Set this variable to have Pulumi write its log, as `pulumi preview` and `pulumi up` always do."""

LOGS = "logs"
CREDENTIALS = "credentials.json"
"""A login by PULUMI_ACCESS_TOKEN writes it where it is not there yet; a killed run must not leave one in `/tmp`."""
_INSTALLED_INTO = ("plugins", "policies")
"""What Pulumi may install during a run and must keep after it."""


@contextmanager
def home_without_log(environ: Mapping[str, str], project: Path) -> Iterator[Mapping[str, str]]:
    """Yield the variables of a home that is the user's in all but its logs, for a run in the project's folder.

    It yields none where the log is wanted, where only Pulumi knows which home it takes, and where the user's home
    can't be written: there is no log then either.
    """
    home = _choose_home(environ, project)
    if environ.get(KEEP_LOG) or home is None or not _can_be_installed_into(home):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="tenantry-home-") as folder:
        for name in {CREDENTIALS, *(entry.name for entry in home.iterdir())} - {LOGS}:
            Path(folder, name).symlink_to(home / name)
        Path(folder, LOGS).touch()
        yield {"PULUMI_HOME": folder}


def _choose_home(environ: Mapping[str, str], project: Path) -> Path | None:
    """Return the home that Pulumi takes (pulumihome.go of 3.259, Go's os/user); None where it can't be told.

    It asks the list of users and not HOME, which containers of CI often change. Only for a user whom it does not find
    there HOME counts, and whether it finds one of LDAP depends on how it was built.
    """
    if named := environ.get("PULUMI_HOME"):
        return (project / named).absolute()
    try:
        listed = Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return None
    return listed / ".pulumi" if Path(environ.get("HOME") or listed) == listed else None


def _can_be_installed_into(home: Path) -> bool:
    try:
        for name in _INSTALLED_INTO:
            (home / name).mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True
