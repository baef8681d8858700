"""A program that tests start: a command of tenantry that gets a signal at a step of the ledger's code.

A step is the begin or the end of any function in tenantry/ledger, so that there are some before and after each thing
that is asked of the database. Arguments: a file for the number of steps, the step at which it gets the signal (0:
never), the signal's name, and those of the command.
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
    """Counts the steps of this process, and sends it a signal at one of them."""

    def __init__(self, last: int, number: signal.Signals) -> None:
        self.last, self.signal, self.number = last, number, 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "return") and frame.f_code.co_filename.startswith(FOLDER):
            self.number += 1
            if self.number == self.last:
                os.kill(os.getpid(), self.signal)


if __name__ == "__main__":
    file, step, name, *arguments = sys.argv[1:]
    steps = Steps(int(step), signal.Signals[name])
    sys.setprofile(steps)
    try:
        main(arguments)
    finally:
        sys.setprofile(None)
        Path(file).write_text(str(steps.number))
