"""What a nursery forks is the process that was started: in its words, its end, and its life."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from e2e_nursery import nursery, warm_environment

SECONDS = 240
KNOWN = "# from tenantry.plugin.server import main"
"""What makes a nursery fork a Python."""


@pytest.fixture
def python(tmp_path):
    """Start a Python with a code and what more there is."""
    started = []

    def start(code, *arguments, **variables):
        process = subprocess.Popen(
            [warm_environment() / "bin" / "python", "-u", "-c", f"{code}\n{KNOWN}", *arguments],
            cwd=tmp_path,
            env={**os.environ, **nursery().variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_fork_has_arguments_folder_variables_and_exit_code(python, tmp_path):
    code = "import os, sys; print(sys.argv[1:], os.getcwd(), os.environ['WORD'], 'twilio' in sys.modules); sys.exit(7)"
    process = python(code, "a", "b", WORD="hush")
    assert process.communicate(timeout=SECONDS) == (f"['a', 'b'] {tmp_path} hush True\n", "")
    assert process.returncode == 7


def test_a_text_as_exit_code_is_shown_and_a_bug_traced(python):
    assert python("raise SystemExit('no')").communicate(timeout=SECONDS)[1] == "no\n"
    process = python("1 / 0")
    assert process.communicate(timeout=SECONDS)[1].endswith("ZeroDivisionError: division by zero\n")
    assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_fork_and_ends_both_alike(python, number):
    process = python("import signal; print('ready'); signal.pause()")
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(SECONDS) == -number


def test_a_fork_ends_with_the_process_that_was_killed(python):
    process = python("import os, time; print(os.getpid()); time.sleep(600)")
    fork = Path("/proc", process.stdout.readline().strip())
    assert fork.exists()
    process.kill()
    end = time.monotonic() + SECONDS
    while fork.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not fork.exists()


def test_another_locale_or_no_nursery_starts_python_itself(python):
    code = "import sys; print('twilio' in sys.modules)"
    assert python(code, PYTHONHASHSEED="7").communicate(timeout=SECONDS)[0] == "False\n"
    assert python(code, E2E_NURSERY="").communicate(timeout=SECONDS)[0] == "False\n"
