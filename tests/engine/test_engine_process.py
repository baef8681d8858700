"""What a run starts ends with it: by an order, by the death of whoever ordered, by the death of what is between."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest_engine import ROOT, ends, is_alive

from tenantry.engine.run.process import start
from tenantry.engine.run.watch import SilenceLimits, watch

PATH = {"PATH": "/usr/bin:/bin"}
STUBBORN = """#!/bin/sh
# Ignores whoever wants it to end, and has a child in a session of its own that no signal to a group reaches.
trap 'echo asked >asked' INT TERM HUP
setsid sleep 600 &
echo "$$ $!" >reached
while :; do wait; done
"""
WILLING = STUBBORN.replace("echo asked >asked", "exit 0")
OWNER = """
import sys
from pathlib import Path
from tenantry.engine.run.process import start
variables = {"PATH": "/usr/bin:/bin", "TENANTRY_REMOVED_AFTER": sys.argv[2] + "/aside"}
with start([sys.argv[1]], Path(sys.argv[2]), variables) as process:
    process.has_ended(600)
"""


@pytest.fixture
def script(tmp_path):
    """Write a script in Pulumi's place; `reached` is where it says its process id and that of its child.

    It waits in `asked` until somebody reads that it was asked to end.
    """
    os.mkfifo(tmp_path / "reached")
    os.mkfifo(tmp_path / "asked")

    def write(text):
        path = tmp_path / "pulumi"
        path.write_text(text)
        path.chmod(0o700)
        return path

    return write


def wait_for_script(script):
    return [int(process) for process in script.with_name("reached").read_text().split()]


def parent_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("end", ["exit 0", "exit 7", "kill -9 $$", "kill -TERM $$"])
def test_it_ends_as_what_it_runs_does(script, end):
    with start([str(script(f"#!/bin/sh\n{end}\n"))], Path("/"), PATH) as process:
        assert process.has_ended(120)
    assert process.exit_code == {"exit 0": 0, "exit 7": 7, "kill -9 $$": -9, "kill -TERM $$": -15}[end]


def test_what_can_not_be_started_is_told(tmp_path):
    with start([str(tmp_path / "none")], tmp_path, PATH) as process:
        _, complained = process.communicate()
    assert (process.exit_code, complained) == (
        127,
        f"error: {tmp_path}/none can't be started: No such file or directory\n".encode(),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs a subreaper")
def test_an_order_kills_all_that_was_started(script):
    with start([str(script(STUBBORN))], script(STUBBORN).parent, PATH) as process:
        both = wait_for_script(script(STUBBORN))
        process.kill()
        assert process.has_ended(120)
    assert all(map(ends, both))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a subreaper")
@pytest.mark.parametrize("text", [WILLING, STUBBORN], ids=["willing", "stubborn"])
def test_what_was_started_ends_when_its_owner_is_killed(script, text):
    path = script(text)
    aside = path.with_name("aside")
    (aside / "below").mkdir(parents=True)
    owner = subprocess.Popen([sys.executable, "-c", OWNER, path, path.parent], cwd=ROOT)
    both = wait_for_script(path)
    between = parent_of(both[0])
    assert aside.exists()
    owner.kill()
    owner.wait()
    assert all(map(ends, [*both, between]))
    assert not aside.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_pulumi_ends_when_what_is_between_is_killed(script):
    path = script(STUBBORN)
    with start([str(path)], path.parent, PATH) as process:
        pulumi, child = wait_for_script(path)
        os.kill(parent_of(pulumi), signal.SIGKILL)
        assert process.has_ended(120)
    assert ends(pulumi)
    os.kill(child, signal.SIGKILL)


def test_an_error_of_ours_ends_what_was_started(script):
    path = script(WILLING)
    both = []

    def fail():
        with start([str(path)], path.parent, PATH):
            both.extend(wait_for_script(path))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not is_alive(both[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("times", [1, 3])
def test_a_run_that_does_not_end_when_it_is_interrupted_is_killed(script, number, times):
    path = script(STUBBORN)
    seen = []

    def interrupt_once():
        if not seen:
            seen.extend(wait_for_script(path))
            os.kill(os.getpid(), number)
            seen.append(path.with_name("asked").read_text())
            for _ in range(times - 1):
                os.kill(os.getpid(), number)

    patience = SilenceLimits(first=0.1, second=0.1) if times == 1 else SilenceLimits(first=600, second=600)
    with watch([str(path)], path.parent, PATH, patience) as running:
        ended = running.finish(lambda _: None, interrupt_once)
    assert (ended.exit_code, ended.interrupted, ended.is_whole) == (-9, True, False)
    *both, asked = seen
    assert asked == "asked\n"
    assert all(map(ends, both))
