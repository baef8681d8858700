"""A program that tests start: a command of tenantry, killed at a step of the ledger's code.

A step is the begin or the end of any function in tenantry/ledger, so that there are some before and after each thing
that is asked of the database. Arguments: a file for the number of steps, the step at which it is killed (0: never), and
those of the command.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import tenantry.ledger
from tenantry.cli import main

FOLDER = str(Path(tenantry.ledger.__file__).parent)


class Steps:
    """Counts the steps of this process, and kills it at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.number = last, 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "return") and frame.f_code.co_filename.startswith(FOLDER):
            self.number += 1
            if self.number == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    file, step, *arguments = sys.argv[1:]
    steps = Steps(int(step))
    sys.setprofile(steps)
    try:
        main(arguments)
    finally:
        sys.setprofile(None)
        Path(file).write_text(str(steps.number))
