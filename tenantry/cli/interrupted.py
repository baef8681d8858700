"""What a person reads who ended a deletion with Ctrl-C: what became of it, and the command that goes on."""

import shlex
import sys
from typing import NoReturn

from tenantry.cli.signals import INTERRUPTED
from tenantry.cli.terminal import tell

STOPPED = "Interrupted. What was on its way is done and written into the audit. To go on: {}"
UNCHANGED = "Interrupted. Nothing was deleted."


def end_interrupted(*, is_applied: bool) -> NoReturn:
    """End a command that deletes records, or only would have."""
    again = shlex.join(["tenantry", *sys.argv[1:]])
    tell(STOPPED.format(again) if is_applied else UNCHANGED, err=True)
    raise SystemExit(INTERRUPTED)
