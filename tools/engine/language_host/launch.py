"""Become another program that the kernel ends together with the process that started this one."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

parent, program = int(sys.argv[1]), sys.argv[2:]
# subprocess has no safe hook for this: preexec_fn runs Python in a fork of a process full of gRPC threads.
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
if os.getppid() != parent:
    sys.exit(1)
os.execvp(program[0], program)  # noqa: S606
