"""A program that forks for each order of tests: a command that gets a signal at a step of the ledger's code.

A step is the begin or the end of any function in tenantry/ledger, so that there are some before and after each thing
that is asked of the database. Arguments: a file for the number of steps, the step at which it gets the signal (0:
never), the signal's name, and those of the command.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from click import Context
from forking import obey

import tenantry.ledger
from tenantry.cli import main
from tenantry.manifest.load import load

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


def count_and_run(words: list[str]) -> None:
    file, step, name, *arguments = words
    steps = Steps(int(step), signal.Signals[name])
    sys.setprofile(steps)
    try:
        main(arguments)
    finally:
        sys.setprofile(None)
        Path(file).write_text(str(steps.number))


if __name__ == "__main__":
    main.get_command(Context(main), "bill")
    load(Path(__file__).parents[2])  # builds the models that read manifests, once for all commands
    obey(count_and_run)
