"""Our own workflow: the command of CONTRIBUTING.md, on all Pythons; and the checks of `make lint`."""

import re
import subprocess
import tomllib
from typing import Any

import yaml
from docs_text import OUR_WORKFLOWS, ROOT, USERS_WORKFLOWS

FILES = sorted([*OUR_WORKFLOWS.glob("*.yml"), *USERS_WORKFLOWS.glob("*.yml")])
PYTHON = "Programming Language :: Python :: 3."


def check_job() -> dict[str, Any]:
    job: dict[str, Any] = yaml.safe_load((OUR_WORKFLOWS / "ci.yml").read_text())["jobs"]["check"]
    return job


def test_it_runs_what_a_contributor_runs():
    assert [step["run"] for step in check_job()["steps"] if "run" in step] == [".ci/run"]
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-2:] == [".ci/install", "exec make check"]
    assert "`make check`" in (ROOT / "CONTRIBUTING.md").read_text()


def test_it_runs_on_every_python_that_we_name():
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    named = [text.rpartition(" ")[2] for text in classifiers if text.startswith(PYTHON)]
    assert check_job()["strategy"]["matrix"]["python"] == named


def test_a_change_of_the_engine_is_not_answered_from_the_cache():
    [cache] = [step["with"] for step in check_job()["steps"] if "actions/cache" in step.get("uses", "")]
    patterns = re.search(r"hashFiles\((.*)\)", cache["key"])
    assert patterns is not None
    for pattern in re.findall(r"'(.+?)'", patterns[1]):
        assert any(path.is_file() for path in ROOT.glob(pattern)), pattern


def test_an_action_has_one_pin_in_all_workflows():
    used = {pin for file in FILES for pin in re.findall(r"uses: (\S+)@(.*?)(?: #.*)?$", file.read_text(), re.MULTILINE)}
    assert len(used) == len({action for action, _ in used}) > 1


def test_both_checkers_see_every_workflow():
    lines = subprocess.run(
        ["make", "-n", "lint"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for checker in ("zizmor ", "tools/actionlint/run "):
        [line] = [line for line in lines if checker in line]
        assert [file for file in FILES if file.relative_to(ROOT).as_posix() not in line.split()] == []


def test_pre_commit_calls_make():
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [(hook["entry"], hook["language"]) for hook in repository["hooks"]] == [("make lint", "system")]
