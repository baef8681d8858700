"""The step of retain.yml: what is deleted every night, and what by hand only."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

OURS = '#!/bin/sh\necho "$*" >> asked\necho "Its audit: --head acme=2:0123456789abcdef"\nexit "$CODE"\n'
HARMFUL = "5; touch pwned $(touch pwned)"


def job() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((USERS_WORKFLOWS / "retain.yml").read_text())["jobs"]["retain"]
    return found


def run(folder: Path, code: int = 0, **variables: str) -> tuple[int, str, str]:
    """Run the step as GitHub does, where ours ends with a code; return its end, its output and what it asked."""
    [script] = [step["run"] for step in job()["steps"] if "tenantry retain" in step.get("run", "")]
    (folder / "tenantry").write_text(OURS)
    (folder / "tenantry").chmod(0o755)
    environ = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "STACK": "production", "CODE": str(code)}
    environ |= {"SHARD": "1/2", "APPLY": "true", "MAX_DELETES": "", "MAX_DELETES_PERCENT": ""}
    environ |= {"GITHUB_STEP_SUMMARY": str(folder / "summary"), **variables}
    done = subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environ, capture_output=True, text=True)
    return done.returncode, done.stdout, (folder / "asked").read_text().strip()


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({}, " --apply"),
        ({"APPLY": "false"}, ""),
        ({"MAX_DELETES": "5", "MAX_DELETES_PERCENT": "90"}, " --apply --max-deletes 5 --max-deletes-percent 90"),
        ({"MAX_DELETES": HARMFUL}, f" --apply --max-deletes {HARMFUL}"),
    ],
    ids=["every night", "a dry run", "limits", "one that injects"],
)
def test_it_deletes_only_where_that_is_asked_for(tmp_path, variables, options):
    code, _, asked = run(tmp_path, **variables)
    assert (code, asked) == (0, f"retain --stack production --shard 1/2{options}")
    assert not (tmp_path / "pwned").exists()
    assert "acme=2:0123456789abcdef" in (tmp_path / "summary").read_text()


@pytest.mark.parametrize(("code", "end"), [(0, 0), (1, 1), (2, 0)])
def test_what_was_left_out_is_a_warning_and_a_failure_fails(tmp_path, code, end):
    ended, output, _ = run(tmp_path, code)
    assert (ended, "::warning" in output) == (end, code == 2)
    assert (tmp_path / "summary").exists()


def test_the_shards_are_all_parts_and_no_shard_stops_another():
    strategy = job()["strategy"]
    shards = strategy["matrix"]["shard"]
    assert shards == [f"{number}/{len(shards)}" for number in range(1, len(shards) + 1)]
    assert strategy["fail-fast"] is False
