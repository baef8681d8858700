"""The command of up.yml: for all tenants, closing none, and with other limits only where a person wrote them."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

ALWAYS = ["up", "--stack", "production", "--yes", "--format", "markdown"]
HARMFUL = "5 --close acme; touch pwned $(touch pwned)"


def command() -> str:
    [job] = yaml.safe_load((USERS_WORKFLOWS / "up.yml").read_text())["jobs"].values()
    [run] = [step["run"] for step in job["steps"] if "tenantry" in step.get("run", "")]
    return str(run)


def run_step(folder: Path, **limits: str) -> list[str]:
    """Run the step as GitHub does, with something in place of our command that prints what it is asked."""
    ours = folder / "bin" / "tenantry"
    ours.parent.mkdir()
    ours.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    ours.chmod(0o755)
    environ = {"PATH": f"{ours.parent}{os.pathsep}{os.environ['PATH']}", "STACK": "production"}
    settings = {"GITHUB_STEP_SUMMARY": str(folder / "summary"), "MAX_DELETES": "", "MAX_PERCENT": ""}
    subprocess.run(["bash", "-e", "-c", command()], cwd=folder, env={**environ, **settings, **limits}, check=True)
    return (folder / "summary").read_text().splitlines()


@pytest.mark.parametrize(
    ("limits", "options"),
    [
        ({}, []),
        ({"MAX_DELETES": "0"}, ["--max-deletes", "0"]),
        ({"MAX_DELETES": "70", "MAX_PERCENT": "35"}, ["--max-deletes", "70", "--max-deletes-percent", "35"]),
        ({"MAX_PERCENT": HARMFUL}, ["--max-deletes-percent", HARMFUL]),
    ],
    ids=["a push", "none", "both", "one that injects"],
)
def test_an_up_of_main_is_for_all_tenants_within_limits(tmp_path, limits, options):
    assert run_step(tmp_path, **limits) == [*ALWAYS, *options]
    assert list(tmp_path.rglob("pwned")) == []
