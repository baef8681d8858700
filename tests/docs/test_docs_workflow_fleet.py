"""The steps of fleet.yml: what is run in each stack, and the one summary and issue of all."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

REPORT = "<!-- tenantry:up stack=eu-1 -->\n\n### Tenantry: up of `eu-1`\n\n**2 to add**\n\nmore\n"
OURS = '#!/bin/sh\necho "$*" >> asked\ncat report\nexit "$CODE"\n'
GH = """\
#!/bin/sh
echo "$*" >> asked
case "$*" in *--paginate*) echo "$FOUND";; run*) mkdir -p rows && cp -R results/. rows;; esac
"""
HARMFUL = "5; touch pwned $(touch pwned)"


def jobs() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((USERS_WORKFLOWS / "fleet.yml").read_text())["jobs"]
    return read


def script(job: str, step: str) -> str:
    [run] = [found["run"] for found in jobs()[job]["steps"] if found.get("name") == step]
    return str(run)


def put_program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def run_script(folder: Path, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does, with the programs of a folder in place of ours and of `gh`."""
    environ = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    command = ["bash", "-e", "-c", text]
    return subprocess.run(command, cwd=folder, env={**environ, **variables}, capture_output=True, text=True)


def run_stack(folder: Path, code: int = 0, report: str = REPORT, **variables: str) -> tuple[int, str, str]:
    """Run the step of one stack; return its end, what ours was asked, and its row."""
    put_program(folder, "tenantry", OURS)
    (folder / "report").write_text(report)
    plain = {"STACK": "eu-1", "WHAT": "up", "ALONE": "", "MAX_DELETES": "", "MAX_PERCENT": "", "CODE": str(code)}
    done = run_script(folder, script("stack", "Run"), **{**plain, **variables})
    asked, row = folder / "asked", folder / "result" / "row.md"
    return (
        done.returncode,
        asked.read_text().strip() if asked.exists() else "",
        row.read_text() if row.exists() else "",
    )


@pytest.mark.parametrize(
    ("what", "code", "end", "result"),
    [("up", 0, 0, "clean"), ("up", 2, 1, "failed"), ("drift", 0, 0, "clean"), ("drift", 2, 0, "differs")],
)
def test_a_stack_writes_one_row_about_itself(tmp_path, what, code, end, result):
    ended, _, row = run_stack(tmp_path, code, WHAT=what)
    assert (ended, row) == (end, f"| eu-1 | {result} | **2 to add** |\n")
    assert (tmp_path / "summary").read_text() == REPORT


def test_a_stack_that_failed_before_it_could_report_has_a_row_too(tmp_path):
    ended, _, row = run_stack(tmp_path, 1, report="", WHAT="drift")
    assert (ended, row) == (1, "| eu-1 | failed | No report: the log of its job says why. |\n")


@pytest.mark.parametrize(
    ("variables", "asked"),
    [
        ({}, "up --stack eu-1 --yes --format markdown"),
        ({"WHAT": "drift"}, "drift --stack eu-1 --format markdown"),
        ({"ALONE": "eu-1", "MAX_DELETES": "7"}, "up --stack eu-1 --yes --format markdown --max-deletes 7"),
        (
            {"ALONE": "eu-1", "MAX_PERCENT": HARMFUL},
            f"up --stack eu-1 --yes --format markdown --max-deletes-percent {HARMFUL}",
        ),
    ],
    ids=["a push", "a night", "a limit", "one that injects"],
)
def test_a_stack_is_run_for_all_its_tenants(tmp_path, variables, asked):
    assert run_stack(tmp_path, **variables)[1] == asked
    assert not (tmp_path / "pwned").exists()


def test_limits_of_deletes_are_never_raised_for_all_stacks(tmp_path):
    assert run_stack(tmp_path, MAX_DELETES="7") == (1, "", "")


def test_a_stack_that_fails_stops_no_other():
    assert jobs()["stack"]["strategy"]["fail-fast"] is False


def write_summary(folder: Path, rows: dict[str, str], alone: str = "") -> str:
    """Run the step that makes the summary of the stacks eu-1, us-1 and us-2; return it."""
    for number, (stack, result) in enumerate(rows.items()):
        place = folder / "results" / f"fleet-{number}"
        place.mkdir(parents=True)
        (place / "row.md").write_text(f"| {stack} | {result} | **2 to add** |\n")
    put_program(folder, "gh", GH)
    variables = {"STACKS": '["eu-1", "us-1", "us-2"]', "WHAT": "up", "RUN": "https://run", "RUN_ID": "7"}
    done = run_script(folder, script("report", "Summary"), ALONE=alone, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "fleet.md").read_text()


def test_the_summary_has_a_row_for_each_stack_the_worst_first(tmp_path):
    text = write_summary(tmp_path, {"eu-1": "clean", "us-2": "differs"})
    assert text.startswith("<!-- tenantry:fleet what=up -->\n### Tenantry: up of 3 stacks\n")
    assert "1 failed, 1 differ, 1 clean." in text
    stacks = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    assert stacks == ["| stack", "| us-1", "| us-2", "| eu-1"]
    assert (tmp_path / "summary").read_text() == text


def test_the_summary_of_one_stack_is_about_that_alone(tmp_path):
    text = write_summary(tmp_path, {"us-2": "clean"}, alone="us-2")
    assert "0 failed, 0 differ, 1 clean." in text
    assert "us-1" not in text


@pytest.mark.parametrize(
    ("results", "found", "then"),
    [
        (("clean", "clean", "clean"), "", []),
        (("clean", "clean", "clean"), "7", ["issue close 7"]),
        (("clean", "differs", "clean"), "7", ["label create fleet", "issue edit 7 --body-file fleet.md"]),
        (("failed", "clean", "clean"), "", ["label create fleet", "issue create"]),
    ],
    ids=["clean", "clean again", "still", "new"],
)
def test_one_issue_is_opened_kept_up_to_date_and_closed(tmp_path, results, found, then):
    write_summary(tmp_path, dict(zip(("eu-1", "us-1", "us-2"), results, strict=True)))
    done = run_script(tmp_path, script("report", "Issue"), WHAT="up", ISSUES="i", FOUND=found)
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().splitlines()[2:]
    assert len(asked) == len(then)
    assert all(line.startswith(words) for line, words in zip(asked, then, strict=True))
