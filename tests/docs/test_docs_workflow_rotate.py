"""The steps of rotate.yml: what is written is proposed, whatever failed, and by a job that has no secret."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

OURS = """\
#!/bin/sh
echo "tenantry $*" >> "$ASKED"
case "$*" in rotate*) [ -z "$WRITES" ] || echo "generations: [1, 2]" >> tenants/acme.yaml; exit "$CODE";; esac
"""
GH = """\
#!/bin/sh
echo "gh $*" >> "$ASKED"
case "$*" in "pr list"*) echo "$WAITING";; "pr create"*) cat > "$ASKED.body";; esac
"""
GIT = """\
#!/bin/sh
case "$1" in push|apply|commit|config) echo "git $*" >> "$ASKED";; *) exec /usr/bin/git "$@";; esac
"""


def jobs() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((USERS_WORKFLOWS / "rotate.yml").read_text())["jobs"]
    return found


def run(folder: Path, job: str, name: str, **variables: str) -> tuple[int, list[str]]:
    """Run a step as GitHub does, in a repository with one manifest; return its end and what it asked."""
    [script] = [step["run"] for step in jobs()[job]["steps"] if step.get("name") == name]
    for program, text in (("tenantry", OURS), ("gh", GH), ("git", GIT)):
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin" / program).write_text(text)
        (folder / "bin" / program).chmod(0o755)
    project = folder / "project"
    (project / "tenants").mkdir(parents=True)
    (project / "tenants" / "acme.yaml").write_text("tenant: acme\n")
    for words in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["/usr/bin/git", *words], cwd=project, check=True)
    environ = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "ASKED": str(folder / "asked")}
    environ |= {name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP")}
    environ |= {
        "STACK": "production",
        "CANARY": "",
        "CODE": "0",
        "WRITES": "",
        "COMMITS": "",
        "RUN_ID": "7",
        "WAITING": "0",
    }
    (folder / "runner_temp" / "rotation").mkdir(parents=True)
    (folder / "runner_temp" / "rotation" / "rotate.txt").write_text("acme web: added\n")
    done = subprocess.run(["bash", "-e", "-c", script], cwd=project, env={**environ, **variables}, capture_output=True)
    return done.returncode, (folder / "asked").read_text().splitlines()


@pytest.mark.parametrize("code", ["0", "1", "2"])
@pytest.mark.parametrize("writes", ["", "yes"])
def test_what_was_written_is_kept_whatever_failed(tmp_path, code, writes):
    end, asked = run(tmp_path, "rotate", "Rotate", CODE=code, WRITES=writes)
    assert (end, asked) == (0, ["tenantry secrets --stack production", "tenantry rotate --stack production"])
    output = (tmp_path / "github_output").read_text()
    assert (f"code={code}\n" in output, "changed=true\n" in output) == (True, bool(writes))
    patch = (tmp_path / "project" / "rotation" / "rotation.patch").read_text()
    assert ("+generations: [1, 2]" in patch) is bool(writes)


def test_a_canary_is_passed_on(tmp_path):
    _, asked = run(tmp_path, "rotate", "Rotate", CANARY="5")
    assert asked[-1] == "tenantry rotate --stack production --canary 5"


def test_a_failure_ends_the_job_after_its_result_was_kept():
    names = [step.get("name") or step.get("uses", "").partition("@")[0] for step in jobs()["rotate"]["steps"]]
    assert names[-3:] == ["Rotate", "actions/upload-artifact", "Result"]


def test_a_pull_request_is_opened_once(tmp_path):
    end, asked = run(tmp_path, "write", "Write")
    assert (end, asked[-1]) == (
        0,
        "gh pr create --head tenantry-rotate --base main --title Rotate API keys --body-file -",
    )
    assert "git push --force origin HEAD:refs/heads/tenantry-rotate" in asked
    assert (tmp_path / "asked.body").read_text() == "```\nacme web: added\n```\n"


def test_one_that_is_open_gets_the_commit_alone(tmp_path):
    end, asked = run(tmp_path, "write", "Write", WAITING="1")
    assert (end, asked[-1].partition(" --head")[0]) == (0, "gh pr list")


def test_a_commit_on_main_starts_an_up(tmp_path):
    end, asked = run(tmp_path, "write", "Write", COMMITS="true")
    assert (end, asked[-2:]) == (0, ["git push origin HEAD:refs/heads/main", "gh workflow run up.yml --ref main"])


def test_the_job_that_writes_has_no_secret():
    assert "secrets." not in str(jobs()["write"])
    assert "environment" not in jobs()["write"]
