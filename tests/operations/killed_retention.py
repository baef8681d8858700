"""A program that forks for each order of tests: the retention job, killed at a step of its acts or of the ledger's.

A step is the begin or the end of any function in these files, in any thread. Arguments: the project's folder, the
instant that it is, a file for the number of steps, and the step at which it is killed (0: never).
"""

import os
import signal
import sys
import threading
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType

from forking import obey

import tenantry.ledger
import tenantry.operations.retention
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import open_ledger
from tenantry.manifest.load import load, load_or_refuse
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.ledger_thread import open_in_thread
from tenantry.operations.retention.story import Asked, Desk, retain_records
from tenantry.twilio.session import Session

FOLDERS = tuple(str(Path(str(module.__file__)).parent) for module in (tenantry.ledger, tenantry.operations.retention))


class Steps:
    """Counts the steps of this process, and kills it at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.number = last, 0

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event in ("call", "return") and frame.f_code.co_filename.startswith(FOLDERS):
            self.number += 1
            if self.number == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def run(folder: Path, now: datetime) -> None:
    opened = partial(open_ledger, SqliteAddress(folder / "ledger.db"), clock=lambda: now)
    with open_in_thread(opened) as ledger:
        session = Session.from_env(os.environ, clock=lambda: now)
        loaded = load_or_refuse(folder, "dev")
        retain_records(Desk(folder, loaded, None, session, ledger), Asked(limits=Limits(percent=100)))


def count_and_run(arguments: list[str]) -> None:
    folder, now, file, step = arguments
    steps = Steps(int(step))
    sys.setprofile(steps)
    threading.setprofile(steps)
    run(Path(folder), datetime.fromisoformat(now))
    sys.setprofile(None)
    Path(file).write_text(str(steps.number))


if __name__ == "__main__":
    load(Path(__file__).parents[2])  # builds the models that read manifests, once for all runs
    obey(count_and_run)
