"""The plugin process, driven by the real CLI."""

import os
import subprocess
import sys

from conftest_engine import ROOT

from tenantry.engine.run.command import export_state, up

SCRIPT = ROOT / "plugin" / "pulumi-resource-pulumi-python"


def test_a_failure_of_ours_is_shown_as_its_sentence_alone(tiny_project):
    run = up(tiny_project.where(TINY_FAIL="ours", TINY_TENANTS="acme"))
    assert "Twilio refused acme's key (code 20003). Check the credentials." in [error.message for error in run.errors]
    assert not any("Traceback" in error.message for error in run.errors)


def test_a_bug_keeps_its_traceback(tiny_project):
    run = up(tiny_project.where(TINY_FAIL="theirs", TINY_TENANTS="acme"))
    [error] = [error for error in run.errors if error.urn]
    assert error.message.startswith("Traceback")
    assert error.message.endswith("ValueError: a bug")


def test_one_failing_resource_does_not_stop_the_others(tiny_project):
    up(tiny_project.where(TINY_FAIL="theirs", TINY_TENANTS="acme,acme-2"))
    names = {
        resource["urn"].rpartition("::")[2]
        for resource in export_state(tiny_project.project)["deployment"]["resources"]
    }
    assert {"acme", "acme-2"} <= names


def test_many_more_calls_than_four_run_at_once(tiny_project):
    together = "24"
    project = tiny_project.where(
        TINY_TOGETHER=together, TINY_THINGS=together, TINY_TENANTS="wide", PULUMI_PARALLEL="32"
    )
    assert up(project).exit_code == 0


def test_secret_outputs_are_not_in_the_state(tiny_project):
    project = tiny_project.where(TINY_TENANTS="acme")
    assert up(project).exit_code == 0
    assert "hush" not in str(export_state(project))


def _start(folder, **environ):
    return subprocess.run(
        [SCRIPT, "--describe"], cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True, timeout=30
    )


def test_the_script_takes_the_virtual_environment_relative_to_the_project(tmp_path):
    (tmp_path / "env").symlink_to(sys.prefix)
    text = _start(tmp_path, PULUMI_RUNTIME_VIRTUALENV="env/", PULUMI_PYTHON_CMD="/nowhere/python")
    assert text.stdout.startswith(f"{tmp_path}/env/bin/python, Python 3.")


def test_the_script_takes_dot_venv_with_the_toolchain_uv(tmp_path):
    (tmp_path / ".venv").symlink_to(sys.prefix)
    text = _start(tmp_path, PULUMI_RUNTIME_TOOLCHAIN="uv", PULUMI_PYTHON_CMD="/nowhere/python")
    assert text.stdout.startswith(f"{tmp_path}/.venv/bin/python, Python 3.")


def test_the_script_takes_pulumis_python_command_without_a_virtual_environment(tmp_path):
    assert _start(tmp_path, PULUMI_PYTHON_CMD=sys.executable).stdout.startswith(f"{sys.executable}, Python 3.")


def test_the_script_says_in_one_line_that_the_virtual_environment_is_missing(tmp_path):
    text = _start(tmp_path, PULUMI_RUNTIME_VIRTUALENV=".venv")
    assert text.returncode == 1
    assert text.stderr.splitlines() == [
        f"tenantry: {tmp_path}/.venv, the virtualenv option in Pulumi.yaml, has no bin/python; "
        f"make it with `uv sync` in {tmp_path}"
    ]


def test_the_script_says_in_one_line_that_python_lacks_the_package(tmp_path):
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    text = _start(tmp_path, PULUMI_PYTHON_CMD=str(bare))
    assert text.returncode == 1
    assert len(text.stderr.splitlines()) == 1
    assert "lacks the package tenantry and pulumi and grpc; run `uv sync`" in text.stderr
