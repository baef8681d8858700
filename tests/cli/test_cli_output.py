"""Output that nobody takes, signals, and temporary folders: for every command, with the real one."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tenantry.cli import COMMANDS
from tenantry.engine.run.life_lock import hold

ROOT = Path(__file__).parents[2]
TENANTRY = Path(sysconfig.get_path("scripts"), "tenantry")
FULL = Path("/dev/full")
ANSWERS = (["validate"], ["show", "acme"], ["schema"], ["fake"], ["--version"], ["--help"])
TOLD = "tenantry: standard output can't be written: No space left on device. What it holds is not all of the answer.\n"


def run(*arguments, **streams):
    return subprocess.run([TENANTRY, *arguments], cwd=ROOT, text=True, stdin=subprocess.DEVNULL, timeout=60, **streams)


IN_FORKS = """
import gc, json, os, sys
from tenantry.cli import COMMANDS, main
asked = json.loads(sys.argv[1]) or [[name, "--help"] for name in COMMANDS]
for name in {words[0] for words in asked} & COMMANDS.keys():
    main.get_command(None, name)
gc.freeze()
for words in asked:
    if (command := os.fork()) == 0:
        main(words, prog_name="tenantry")
    code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
    print(*words, code, file=sys.stderr, flush=True)
"""
"""One start of Python for many commands, each then in a process of its own; nothing asked is the help of all."""


def run_in_forks(asked, stdout):
    """Run commands one after the other; return what they wrote on stderr, each with its exit code at the end."""
    command = [sys.executable, "-c", IN_FORKS, json.dumps(asked)]
    return subprocess.run(command, cwd=ROOT, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120).stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("asked", [ANSWERS, []], ids=["answers", "the help of every command"])
def test_a_full_disk_below_the_output_is_one_sentence_and_exit_1(asked):
    words = [" ".join(arguments) for arguments in asked] or [f"{name} --help" for name in COMMANDS]
    with FULL.open("w") as full:
        assert run_in_forks(asked, full) == "".join(f"{TOLD}{command} 1\n" for command in words)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_below_both_streams_is_exit_1():
    with FULL.open("w") as full:
        assert run("validate", stdout=full, stderr=full).returncode == 1


def test_a_pipe_whose_reader_has_gone_ends_a_command_in_silence():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        output = run_in_forks(ANSWERS, pipe)
    assert output == "".join(f"{' '.join(arguments)} 1\n" for arguments in ANSWERS)


def test_a_closed_output_is_refused_before_anything_is_begun():
    done = run_in_shell("validate >&-")
    assert (done.returncode, done.stderr) == (1, "tenantry: standard output is closed. Nothing was begun.\n")


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "2>&- <&-"])
def test_other_closed_streams_do_no_harm(closed):
    done = run_in_shell(f"validate {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors" in done.stdout


def test_the_next_command_removes_temporary_folders_of_killed_ones(tmp_path):
    for name in ("tenantry-killed", "tenantry-other", "tenantry-living"):
        (tmp_path / name).mkdir()
    with hold(tmp_path / "tenantry-killed" / "owner"):
        pass
    with hold(tmp_path / "tenantry-living" / "owner"):
        done = run("validate", stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert done.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tenantry-living", "tenantry-other"]


SIGNALLED = """
import signal, sys, tempfile
from tenantry.cli import main
from tenantry.cli import new
def raise_signal(*_, **__):
    print(tempfile.mkdtemp(), flush=True)
    signal.raise_signal(int(sys.argv[1]))
    print("It goes on.")
new.new.callback = raise_signal
main(["new", "acme", "--name", "Acme"])
"""
"""From inside: one from outside is not seen by Python when it comes between two steps of a wait."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_command_and_leaves_no_temporary_folder(tmp_path, number):
    command = [sys.executable, "-c", SIGNALLED, str(int(number))]
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 128 + number
    [line] = done.stdout.splitlines()
    assert line.startswith(str(tmp_path))
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def run_in_shell(command):
    return subprocess.run(
        ["sh", "-c", f"exec {TENANTRY} {command}"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
