"""The workflows that users get, and our own: of least rights, and of commands that are there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import OUR_WORKFLOWS, USERS_WORKFLOWS, Snippet, commands, mistake

FILES = sorted(USERS_WORKFLOWS.glob("*.yml"))
OURS = sorted(OUR_WORKFLOWS.glob("*.yml"))
WORKFLOWS = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
ALL_WORKFLOWS = pytest.mark.parametrize("file", [*FILES, *OURS], ids=lambda file: file.name)


def read(file: Path) -> dict[str, Any]:
    # YAML 1.1, as PyYAML reads it, takes `on` for a boolean; GitHub does not.
    written: dict[Any, Any] = yaml.safe_load(file.read_text())
    return {"on" if key is True else key: value for key, value in written.items()}


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in read(file)["jobs"].values():
        yield from job["steps"]


SAFE = {"pull_request_target", "push", "schedule", "workflow_dispatch"}
ENVIRONMENTS = {"preview", "production", "closing", "billing"}
OF_A_STACK = "-${{ matrix.stack }}"
"""What follows `production` where each stack has an environment of its own."""
SECRETS = re.compile(r"\bsecrets\b")


def jobs_with_secrets() -> list[tuple[Path, dict[str, Any], dict[str, Any]]]:
    read_all = [(file, read(file)) for file in FILES]
    return [
        (file, workflow, job)
        for file, workflow in read_all
        for job in workflow["jobs"].values()
        if SECRETS.search(str(job))
    ]


def test_no_job_with_secrets_takes_its_file_from_a_branch():
    """GitHub takes the file of `pull_request` from the merge; of these from main, or from a branch that only gets
    what its environments give it: so every secret is in an environment, and docs/github.md limits each to main."""
    assert len(jobs_with_secrets()) == 11
    for file, workflow, job in jobs_with_secrets():
        triggers = workflow["on"]
        assert isinstance(triggers, dict), file
        assert set(triggers) <= SAFE, file
        assert triggers.get("push", {"branches": ["main"]}) == {"branches": ["main"]}, file
        if "pull_request_target" in triggers:
            assert triggers["pull_request_target"]["branches"] == ["main"]
        assert job["environment"].removesuffix(OF_A_STACK) in ENVIRONMENTS, file


def is_of_a_pull_request(file: Path) -> bool:
    """Return whether GitHub takes the file from the merge; `pull_request_target` is another trigger."""
    triggers = read(file)["on"]
    return "pull_request" in ([triggers] if isinstance(triggers, str) else triggers)


def test_what_a_pull_request_can_change_has_no_secret_and_writes_nothing():
    theirs = [read(file) for file in (*FILES, *OURS) if is_of_a_pull_request(file)]
    assert len(theirs) == 2
    for workflow in theirs:
        assert not SECRETS.search(str(workflow))
        assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]


def test_a_preview_checks_out_main_only():
    [job] = read(USERS_WORKFLOWS / "preview.yml")["jobs"].values()
    checkouts = [step["with"] for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    assert [with_["ref"] for with_ in checkouts] == ["main"]
    assert "submodules" not in checkouts[0]
    assert "lfs" not in checkouts[0]


def test_a_secret_is_only_in_the_environment_of_its_step():
    for file, workflow, job in jobs_with_secrets():
        assert not SECRETS.search(str(workflow.get("env"))), file
        assert not SECRETS.search(str(job.get("env"))), file
        steps_with = [step for step in job["steps"] if SECRETS.search(str(step))]
        assert len(steps_with) == 1, file
        assert re.search(
            r"^ *tenantry (preview|up|drift|health|bill|rotate|retain) ", steps_with[0]["run"], re.MULTILINE
        ), file
        assert "uses" not in steps_with[0], file


def test_the_address_of_the_backend_is_a_secret_where_there_is_one():
    """Variables are printed in logs, and the URL of a PostgreSQL has its password in it."""
    for file, _, job in jobs_with_secrets():
        [address] = [step["env"]["PULUMI_BACKEND_URL"] for step in job["steps"] if SECRETS.search(str(step))]
        assert address == "${{ secrets.PULUMI_BACKEND_URL || vars.PULUMI_BACKEND_URL }}", file


def test_what_is_edited_or_closed_on_github_is_ours_by_its_author():
    edits = [
        (file.name, step["run"])
        for file in FILES
        for step in steps(file)
        if re.search(r"--method (PATCH|PUT|DELETE)|gh (issue|pr) (edit|close|comment)", step.get("run", ""))
    ]
    assert [name for name, _ in edits] == ["drift.yml", "fleet.yml", "health.yml", "preview.yml"]
    assert all('.user.login == "github-actions[bot]"' in run for _, run in edits)


def test_each_workflow_is_started_by_what_it_is_for():
    assert {
        file.name: set(read(file)["on"]) if isinstance(read(file)["on"], dict) else read(file)["on"] for file in FILES
    } == {
        "preview.yml": {"pull_request_target"},
        "validate.yml": "pull_request",
        "up.yml": {"push", "workflow_dispatch"},
        "drift.yml": {"schedule", "workflow_dispatch"},
        "fleet.yml": {"push", "schedule", "workflow_dispatch"},
        "health.yml": {"schedule", "workflow_dispatch"},
        "close.yml": {"workflow_dispatch"},
        "bill.yml": {"schedule", "workflow_dispatch"},
        "rotate.yml": {"schedule", "workflow_dispatch"},
        "retain.yml": {"schedule", "workflow_dispatch"},
    }


@WORKFLOWS
def test_every_command_of_ours_is_there_with_its_options(file):
    used = list(commands(Snippet(file, 1, file.read_text())))
    assert used
    wrong = [f"{command.place}: {why}" for command in used if (why := mistake(command.text))]
    assert not wrong, "\n" + "\n".join(wrong)


@WORKFLOWS
def test_policies_are_asked_because_they_are_there_and_never_left_out(file):
    assert "--policy-pack" not in file.read_text()
    assert "--no-policies" not in file.read_text()


@ALL_WORKFLOWS
def test_rights_are_granted_job_by_job(file):
    workflow = read(file)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        writes = (file.name, name) == ("rotate.yml", "write")  # which has no secret
        assert job["permissions"]["contents"] == ("write" if writes else "read")


@ALL_WORKFLOWS
def test_actions_are_pinned_to_a_commit_whose_version_is_told(file):
    used = re.findall(r"uses: (.*)", file.read_text())
    assert len(used) == len([step for step in steps(file) if "uses" in step]) > 0
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", action)] == []


@ALL_WORKFLOWS
def test_no_script_holds_an_expression_that_somebody_else_could_write(file):
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@WORKFLOWS
def test_runs_of_one_sort_do_not_overlap(file):
    assert read(file)["concurrency"]["cancel-in-progress"] is (file.name in ("preview.yml", "validate.yml"))


def test_an_up_never_waits_in_a_group_with_another_workflow():
    groups = [read(file)["concurrency"]["group"] for file in (*FILES, *OURS)]
    assert len(set(groups)) == len(groups)


def test_a_preview_gets_no_twilio_credentials():
    assert "secrets.TWILIO" not in (USERS_WORKFLOWS / "preview.yml").read_text()


def test_a_pull_request_from_a_fork_gets_no_secret():
    jobs = read(USERS_WORKFLOWS / "preview.yml")["jobs"]
    with_secrets = [job for job in jobs.values() if "secrets." in str(job)]
    assert with_secrets
    assert all("head.repo.full_name == github.repository" in job["if"] for job in with_secrets)


@WORKFLOWS
def test_nothing_is_taken_from_a_cache_beside_secrets(file):
    with_secrets = [job for job in read(file)["jobs"].values() if "secrets." in str(job)]
    installed = [step for job in with_secrets for step in job["steps"] if "setup-uv" in step.get("uses", "")]
    assert len(installed) == len(with_secrets)
    assert all(step.get("with", {}).get("enable-cache") is False for step in installed)
