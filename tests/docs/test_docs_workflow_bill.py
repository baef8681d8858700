"""The steps of bill.yml that draft and close: of which month, with which end, and only where a person agreed."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

OURS = """\
#!/bin/sh
echo "$*" >> asked
case "$*" in *ledger*) echo "Its head is 12:0123456789abcdef.";; esac
case "$*" in bill*) exit "$CODE";; esac
"""
HARMFUL = "2026-03 --close; touch pwned $(touch pwned)"


def jobs() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((USERS_WORKFLOWS / "bill.yml").read_text())["jobs"]
    return found


def run(folder: Path, job: str, code: int = 0, **variables: str) -> tuple[int, str, list[str]]:
    """Run a job's step as GitHub does, where ours ends with a code; return its end, its output and what it asked."""
    [script] = [step["run"] for step in jobs()[job]["steps"] if "tenantry bill" in step.get("run", "")]
    (folder / "tenantry").write_text(OURS)
    (folder / "tenantry").chmod(0o755)
    environ = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "STACK": "production", "CODE": str(code)}
    environ |= {"MONTH": "", "LEDGER_HEAD": "", "GITHUB_STEP_SUMMARY": str(folder / "summary"), **variables}
    done = subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environ, capture_output=True, text=True)
    return done.returncode, done.stdout, (folder / "asked").read_text().splitlines()


@pytest.mark.parametrize(
    ("month", "options"),
    [("", ""), ("2026-03", " --month 2026-03"), (HARMFUL, f" --month {HARMFUL}")],
    ids=["the last one", "a month", "one that injects"],
)
def test_a_draft_is_of_the_month_and_closes_nothing(tmp_path, month, options):
    code, _, asked = run(tmp_path, "draft", MONTH=month)
    assert (code, asked) == (
        0,
        [
            f"bill --stack production{options} --for {audience} --format html --out statements/{audience}"
            for audience in ("us", "customer")
        ],
    )
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("job", ["draft", "close"])
@pytest.mark.parametrize(("code", "end"), [(0, 0), (1, 1), (2, 0)])
def test_a_refused_statement_and_a_failure_are_warnings(tmp_path, job, code, end):
    ended, output, _ = run(tmp_path, job, code)
    assert (ended, "::warning" in output) == (end, code == 2)


def test_a_close_looks_the_ledger_over_and_notes_its_new_head(tmp_path):
    code, _, asked = run(tmp_path, "close", MONTH="2026-03", LEDGER_HEAD="9:0123456789abcdef")
    assert (code, asked[0], asked[-1]) == (
        0,
        "ledger check --stack production --head 9:0123456789abcdef",
        "ledger check --stack production",
    )
    assert all("--close" in line for line in asked[1:-1])
    assert "12:0123456789abcdef" in (tmp_path / "summary").read_text()


def test_statements_are_closed_only_by_hand_and_behind_reviewers():
    draft, close = jobs()["draft"], jobs()["close"]
    assert (close["if"], close["needs"], close["environment"]) == ("inputs.close", "draft", "billing")
    assert "github.ref == 'refs/heads/main'" in draft["if"]
    assert not [step for step in draft["steps"] if "--close" in step.get("run", "")]


def test_both_jobs_have_the_whole_history():
    checkouts = [step["with"] for job in jobs().values() for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert [options["fetch-depth"] for options in checkouts] == [0, 0]
