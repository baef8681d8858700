"""The shell blocks that are marked `sh run` do run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from docs_text import PAGES, ROOT, Snippet, blocks
from e2e_nursery import nursery, warm_environment

SECONDS = 240
PROJECT = (
    "Pulumi.yaml",
    "__main__.py",
    "components",
    "defaults.yaml",
    "plans",
    "plugin",
    "policies",
    "profiles",
    "schemas",
    "tenantry.yaml",
    "tenants",
    "waivers",
)


def runs(page: Path, text: str) -> list[Snippet]:
    return [block for block in blocks(page, text) if block.words[:2] == ("sh", "run")]


PAGES_THAT_RUN = [page for page in PAGES if runs(page, page.read_text())]


def test_the_readme_has_blocks_that_run():
    assert ROOT / "README.md" in PAGES_THAT_RUN


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the sample project, with nothing of the user's beside it."""
    for name in PROJECT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("page", PAGES_THAT_RUN, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run_one_after_another(page, project):
    for block in runs(page, page.read_text()):
        failure = failure_of(block, project)
        assert failure is None, failure


def test_a_block_that_runs_is_no_failure(project):
    assert failure_of(Snippet(ROOT / "README.md", 1, "tenantry validate\ntenantry show acme\n"), project) is None


def test_a_failing_block_is_reported_with_its_place_and_output(project):
    failure = failure_of(Snippet(ROOT / "README.md", 7, "tenantry show nobody\ntrue\n"), project)
    assert failure is not None
    assert failure.startswith("README.md:7: exit code 1")
    assert "no tenant has 'nobody'" in failure


def failure_of(block: Snippet, folder: Path) -> str | None:
    """Run a block as `sh -eu` does, without credentials; return what went wrong."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "TENANTRY_"))}
    environ |= {"HOME": str(folder), "PATH": f"{warm_environment()}/bin{os.pathsep}{environ['PATH']}"}
    environ |= nursery().variables
    done = subprocess.run(
        ["sh", "-eu", "-c", block.text], cwd=folder, env=environ, capture_output=True, text=True, timeout=SECONDS
    )
    return None if done.returncode == 0 else f"{block.place}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
