"""The step of drift.yml that keeps one issue: its script, run with a `gh` that notes what it is asked."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

MARKER = "<!-- tenantry:drift stack=production -->"
GH = """\
#!/bin/sh
echo "$marker|$*" >> asked
case "$*" in *--paginate*) echo "$FOUND";; esac
"""


def script() -> str:
    [job] = yaml.safe_load((USERS_WORKFLOWS / "drift.yml").read_text())["jobs"].values()
    [run] = [step["run"] for step in job["steps"] if step.get("name") == "Issue"]
    return str(run)


def run_step(folder: Path, code: int, found: str) -> list[str]:
    """Run the step as GitHub does, where our issue is the one with the number `found`; return what `gh` was asked."""
    (folder / "drift.md").write_text(f"{MARKER}\n\n### Tenantry: drift\n")
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    environ = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "CODE": str(code), "FOUND": found, "ISSUES": "i"}
    subprocess.run(["bash", "-e", "-c", script()], cwd=folder, env=environ, check=True)
    return (folder / "asked").read_text().splitlines()


@pytest.mark.parametrize(
    ("code", "found", "then"),
    [
        (0, "", []),
        (0, "7", ["issue close 7"]),
        (2, "7", ["label create drift", "issue edit 7 --body-file drift.md"]),
        (2, "", ["label create drift", "issue create"]),
    ],
    ids=["clean", "clean again", "still", "new"],
)
def test_one_issue_is_opened_kept_up_to_date_and_closed(tmp_path, code, found, then):
    done = [line.partition("|")[2] for line in run_step(tmp_path, code, found)[1:]]
    assert len(done) == len(then)
    assert all(line.startswith(words) for line, words in zip(done, then, strict=True))


def test_an_issue_of_somebody_else_or_of_another_stack_is_left_alone(tmp_path):
    text, _, words = run_step(tmp_path, 2, "")[0].partition("|")
    assert text == MARKER
    assert '.user.login == "github-actions[bot]"' in words
    assert '(.body // "") | startswith(env.marker)' in words
