"""A process that Pulumi started ends together with Pulumi. Stdlib only: the stand-in language host carries a copy.

Seen with CLI 3.259: after a SIGKILL of the CLI its plugin and its language host lived on for more than 90 s, and a POST
in flight could commit after the next run had looked.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_LOOKS = 1.0
_EXIT_CODE = 1

# Read as early as possible: once the parent is gone, nothing shows that there was another one.
_parent_at_start = os.getppid()


def is_parent_gone() -> bool:
    """Return whether the process that started this one has ended."""
    return os.getppid() != _parent_at_start


def die_with_parent(before: Callable[[], None] = lambda: None) -> None:
    """End this process when its parent ends: on Linux at once, elsewhere within a second.

    Call it from the main thread, early. `before` is called first; it must not block.
    """

    def end_if_orphaned(*_: object) -> None:
        # Linux sends the signal when the *thread* that started us ends, so it alone proves nothing.
        if is_parent_gone():
            before()
            os._exit(_EXIT_CODE)

    if sys.platform == "linux":
        signal.signal(signal.SIGHUP, end_if_orphaned)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGHUP)
    threading.Thread(target=_look, args=(end_if_orphaned,), name="lifeline", daemon=True).start()
    end_if_orphaned()


def die_on_signals() -> None:
    """End this process at once on SIGINT and SIGTERM; the engine waits ten seconds for one that ignores them.

    The kernel does it. A handler in Python runs in the main thread alone, and not while that sleeps on a lock and the
    signal came to another thread or just before the lock: then the process lived on (seen once in some thousand).
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _look(end_if_orphaned: Callable[[], None]) -> None:
    while True:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        end_if_orphaned()
