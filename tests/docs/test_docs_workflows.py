"""The workflows that users copy: valid, of least rights, and of commands that are there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import ROOT, Snippet, commands, mistake

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def read(file: Path) -> dict[str, Any]:
    # YAML 1.1, as PyYAML reads it, takes `on` for a boolean; GitHub does not.
    written: dict[Any, Any] = yaml.safe_load(file.read_text())
    return {"on" if key is True else key: value for key, value in written.items()}


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in read(file)["jobs"].values():
        yield from job["steps"]


def test_there_is_one_for_a_pull_request_one_for_main_one_for_the_night_and_one_to_close():
    assert {
        file.name: set(read(file)["on"]) if isinstance(read(file)["on"], dict) else read(file)["on"] for file in FILES
    } == {
        "preview.yml": "pull_request",
        "up.yml": {"push", "workflow_dispatch"},
        "drift.yml": {"schedule", "workflow_dispatch"},
        "close.yml": {"workflow_dispatch"},
    }


@WORKFLOWS
def test_every_command_of_ours_is_there_with_its_options(file):
    used = list(commands(Snippet(file, 1, file.read_text())))
    assert used
    wrong = [f"{command.place}: {why}" for command in used if (why := mistake(command.text))]
    assert not wrong, "\n" + "\n".join(wrong)


@WORKFLOWS
def test_rights_are_granted_job_by_job(file):
    workflow = read(file)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"


@WORKFLOWS
def test_actions_are_pinned_to_a_commit_whose_version_is_told(file):
    used = re.findall(r"uses: (.*)", file.read_text())
    assert len(used) == len([step for step in steps(file) if "uses" in step]) > 0
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", action)] == []


@WORKFLOWS
def test_no_script_holds_an_expression_that_somebody_else_could_write(file):
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@WORKFLOWS
def test_runs_of_one_sort_do_not_overlap(file):
    assert read(file)["concurrency"]["cancel-in-progress"] is (file.name == "preview.yml")


def test_an_up_never_waits_in_a_group_where_another_workflow_could_push_it_out():
    groups = [read(file)["concurrency"]["group"] for file in FILES]
    assert len(set(groups)) == len(FILES)


def test_a_preview_gets_no_twilio_credentials():
    assert "secrets.TWILIO" not in (ROOT / ".github" / "workflows" / "preview.yml").read_text()


def test_a_pull_request_from_a_fork_gets_no_secret():
    jobs = read(ROOT / ".github" / "workflows" / "preview.yml")["jobs"]
    with_secrets = [job for job in jobs.values() if "secrets." in str(job)]
    assert with_secrets
    assert all("head.repo.full_name == github.repository" in job["if"] for job in with_secrets)


@WORKFLOWS
def test_nothing_is_taken_from_a_cache_beside_secrets(file):
    with_secrets = [job for job in read(file)["jobs"].values() if "secrets." in str(job)]
    installed = [step for job in with_secrets for step in job["steps"] if "setup-uv" in step.get("uses", "")]
    assert len(installed) == len(with_secrets)
    assert all(step.get("with", {}).get("enable-cache") is False for step in installed)
