"""Signals that end a command: TERM and HUP do it as Ctrl-C does, so that nothing is left behind."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""
_SHELL = 128
"""What a shell adds to the number of the signal that ended a command."""


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """End the command on TERM and HUP by an exception: temporary folders go, and Pulumi with all that it started.

    HUP that is ignored, as by `nohup`, stays ignored. A second signal ends it at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, _end) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(_SHELL + number)
