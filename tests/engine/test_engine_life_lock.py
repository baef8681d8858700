"""A plugin ends with the run that it works for, whoever its parent is."""

import os
import subprocess
import sys

import pytest
from conftest_engine import ROOT

from tenantry.engine.run.life_lock import RUN_VARIABLE, hold, is_free

PLUGIN = ROOT / "plugin" / "pulumi-resource-pulumi-python"
HOLDER = """
import sys
from pathlib import Path
from tenantry.engine.run.life_lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def plugin():
    """Start the plugin for a run; it has said its port."""
    started = []

    def start(run):
        environ = {**os.environ, "PULUMI_RUNTIME_VIRTUALENV": sys.prefix, RUN_VARIABLE: str(run)}
        process = subprocess.Popen([PLUGIN], env=environ, stdout=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def holder(tmp_path):
    """A process that holds a run."""
    run = tmp_path / "run"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, run], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline() == b"held\n"
        yield process, run
        process.kill()


def test_a_plugin_ends_when_its_run_is_killed(plugin, holder):
    process, run = holder
    working = plugin(run)
    assert int(working.stdout.readline()) > 0
    process.kill()
    assert working.wait(120) == 1


def test_a_plugin_of_a_run_that_is_over_does_not_begin(plugin, tmp_path):
    assert plugin(tmp_path / "none").wait(120) == 1


def test_a_file_is_free_only_after_its_holder_was_killed(holder):
    process, run = holder
    assert not is_free(run)
    process.kill()
    process.wait()
    assert is_free(run)


def test_a_file_is_free_after_its_context_and_a_missing_one_never(tmp_path):
    run = tmp_path / "run"
    assert not is_free(run)
    with hold(run):
        assert not is_free(run)
    assert is_free(run)
