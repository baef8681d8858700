"""A program that tests start: all that follows from a cap, killed at one point after the other.

Arguments: the project's folder and the numbers of the points. For each of them a process is forked, which begins to do
what is to be done and is killed there; a second one does the rest. Prints the exit codes of both as JSON, a line each.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

from tenantry.manifest.load import load, load_or_refuse
from tenantry.operations.caps.duty import open_duty
from tenantry.operations.caps.once import sweep_once
from tenantry.operations.ledger.opening import Place
from tenantry.operations.notices.send import target_of

POINTS: tuple[tuple[str, str, str], ...] = (
    ("operations/caps/sweep.py", "sweep_caps", "call"),
    ("ledger/cap_events.py", "insert_events", "return"),
    ("ledger/cap_events.py", "keep_events", "return"),
    ("ledger/cap_overrides.py", "keep_cap_readings", "return"),
    ("operations/caps/decide.py", "decide_event", "call"),
    ("ledger/standing.py", "find_standing", "return"),
    ("operations/caps/decide.py", "hold", "call"),
    ("ledger/suspensions.py", "insert_suspension", "return"),
    ("ledger/notices.py", "insert_notices", "return"),
    ("ledger/journal.py", "record_fact", "return"),
    ("ledger/account_tasks.py", "ask_account", "call"),
    ("ledger/account_tasks.py", "ask_account", "return"),
    ("ledger/cap_events.py", "settle_event", "call"),
    ("ledger/cap_events.py", "settle_event", "return"),
    ("operations/caps/decide.py", "decide_waiting", "return"),
    ("operations/caps/periods.py", "end_periods", "call"),
    ("ledger/account_tasks.py", "claim_tasks", "call"),
    ("ledger/account_tasks.py", "claim_tasks", "return"),
    ("operations/caps/accounts.py", "follow_task", "call"),
    ("twilio/subaccount.py", "fetch", "return"),
    ("twilio/subaccount.py", "update", "call"),
    ("twilio/subaccount.py", "update", "return"),
    ("operations/caps/accounts.py", "follow_task", "return"),
    ("ledger/account_tasks.py", "finish_task", "return"),
    ("ledger/notices.py", "claim_notices", "return"),
    ("operations/notices/send.py", "_send", "call"),
    ("operations/notices/send.py", "_send", "return"),
    ("ledger/notices.py", "mark_sent", "call"),
    ("ledger/notices.py", "mark_sent", "return"),
)
"""Where a process is killed: a file of ours, a function in it, and whether it begins or ends."""
SECONDS = 240
HEAVY = ("multiprocessing.popen_fork", "tenantry.twilio.http.transport", "twilio.rest.api.v2010.account", "netrc")
"""What each process would import."""
_FORK = get_context("fork")


def kill_at(point: tuple[str, str, str]) -> None:
    """Kill this process as soon as it is at a point, in any thread."""
    path, name, event = point

    def look(frame: FrameType, happened: str, _: object) -> None:
        code = frame.f_code
        if happened == event and code.co_name == name and code.co_filename.endswith(f"tenantry/{path}"):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(look)


def work(folder: Path, environ: Mapping[str, str], point: tuple[str, str, str] | None) -> None:
    """Do all that is to be done, or a part of it."""
    if point is not None:
        kill_at(point)
    stack = load_or_refuse(folder).stack
    duty = open_duty(Place(folder, stack, environ), None)
    sweep_once(duty, target_of(stack.notices, environ))


def run(folder: Path, point: tuple[str, str, str] | None) -> int | None:
    """Work in a process of its own, and return its exit code."""
    process = _FORK.Process(target=work, args=(folder, dict(os.environ), point))
    process.start()
    process.join(SECONDS)
    return process.exitcode


if __name__ == "__main__":
    for name in HEAVY:
        import_module(name)
    load(Path(__file__).parents[2])  # builds the models that read manifests, once for all processes
    gc.freeze()
    for number in map(int, sys.argv[2:]):
        input()  # the test says when the cap was reached
        killed = run(Path(sys.argv[1]), POINTS[number])
        sys.stdout.write(f"{json.dumps(killed)}\n")
        sys.stdout.flush()
        input()  # and when leases are over
        sys.stdout.write(f"{json.dumps(run(Path(sys.argv[1]), None))}\n")
        sys.stdout.flush()
