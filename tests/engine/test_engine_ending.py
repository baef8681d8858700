"""A run is what its exit code and the end of its event log say, and never what somebody wrote."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest_engine import ROOT

from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import CommandError, Project, preview, up

SUMMARY = {"summaryEvent": {"resourceChanges": {}, "durationSeconds": 1, "result": "succeeded"}}
UNHANDLED = "an unhandled error occurred: program exited with non-zero exit code: -1"
DIED = {"diagnosticEvent": {"message": UNHANDLED, "severity": "error"}}
PRELUDE = {"preludeEvent": {"config": {}}}
LEAK = {"diagnosticEvent": {"message": "connecting to postgres://owl:hush@db/owl\nno answer\n", "severity": "info#err"}}


@pytest.fixture
def project(tmp_path):
    """A project whose Pulumi is a script that writes `log` as its event log and ends as `end` says."""
    pulumi = tmp_path / "pulumi"
    pulumi.write_text('#!/bin/sh\nwhile [ "$1" != --event-log ]; do shift; done\ncat log >"$2"\n. ./end\n')
    pulumi.chmod(0o700)
    return Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {"PATH": "/usr/bin:/bin"})


def make_project(project, *events, end="exit 0", numbers=None, tail=""):
    """Write what the script does; events are numbered as Pulumi numbers them."""
    numbered = zip(numbers or range(len(events)), events, strict=True)
    lines = "".join(
        f"{json.dumps({'sequence': number, **event}, separators=(',', ':'))}\n" for number, event in numbered
    )
    Path(project.folder, "log").write_text(lines + tail)
    Path(project.folder, "end").write_text(end)
    return project


def errors(run):
    return [error.message for error in run.errors]


@pytest.mark.parametrize("run", [preview, up])
def test_a_pulumi_that_says_nothing_and_ends_well_has_failed(project, run):
    done = run(make_project(project))
    assert not done.is_whole
    assert errors(done) == [
        "Pulumi ended with exit code 0 and its event log is incomplete: "
        "the run may do or have done more than is shown. "
        "The reason is unknown: it may have been killed, or memory or disk was short. Run again."
    ]


@pytest.mark.parametrize(
    ("numbers", "tail"), [([0, 2], ""), ([0, 1], '{"sequence":2,"resourceP'), ([1, 2], "")], ids=["gap", "tail", "head"]
)
def test_a_log_without_an_event_is_incomplete_despite_its_summary(project, numbers, tail):
    assert not preview(make_project(project, PRELUDE, SUMMARY, numbers=numbers, tail=tail)).is_whole


def test_an_event_of_which_only_the_beginning_was_written_is_no_traceback(project):
    assert not preview(
        make_project(project, PRELUDE, tail='{"sequence":1,"resour{"sequence":2,"summaryEvent":{}}\n')
    ).is_whole


def test_a_log_with_all_its_events_is_whole(project):
    done = preview(make_project(project, PRELUDE, SUMMARY, {"cancelEvent": {}}))
    assert (done.is_whole, errors(done)) == (True, [])


@pytest.mark.parametrize("run", [preview, up])
def test_a_dying_program_is_reported_with_its_last_lines_without_secrets(project, run):
    done = run(make_project(project, LEAK, DIED, SUMMARY, end="exit 255"))
    assert errors(done)[1:] == [
        "The program of this project ended (program exited with non-zero exit code: -1) before it registered "
        "everything in the manifests.\n"
        "Its last lines:\n"
        "  connecting to postgres://owl:***@db/owl\n"
        "  no answer"
    ]


def test_a_run_that_failed_without_a_word_says_its_exit_code(project):
    assert errors(preview(make_project(project, PRELUDE, SUMMARY, end="exit 3"))) == [
        "Pulumi ended with exit code 3 and gave no reason."
    ]


def test_a_reason_that_an_event_tells_is_enough(project):
    why = {"diagnosticEvent": {"message": "no such plan", "severity": "error"}}
    assert errors(preview(make_project(project, why, SUMMARY, end="exit 255"))) == ["no such plan"]


def test_a_run_without_events_that_says_why_has_never_begun(project):
    with pytest.raises(CommandError, match="exit code 255: error: no stack named"):
        preview(make_project(project, end="echo 'error: no stack named dev'; exit 255"))


def test_an_apply_killed_before_its_first_event_counts_as_begun(project):
    done = up(make_project(project, end="kill -9 $$"))
    assert (done.exit_code, done.is_whole) == (-9, False)


def test_a_limit_on_the_size_of_files_is_named(project):
    code = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, 'tests/engine'); "
        "from tenantry.engine.run.command import Project, preview; from tenantry.engine.install.find import Engine; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY)); "
        "folder = Path(sys.argv[1]); engine = Engine(folder / 'pulumi', 'v3.259.0', 'PATH'); "
        "run = preview(Project(folder, 'dev', engine, {'PATH': '/usr/bin:/bin'})); print(run.errors[0].message)"
    )
    make_project(project, PRELUDE, *[LEAK] * 200, SUMMARY)
    done = subprocess.run(
        [sys.executable, "-c", code, project.folder], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Files may not be larger than 8,192 bytes here (`ulimit -f`): raise that limit." in done.stdout
