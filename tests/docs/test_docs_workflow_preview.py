"""preview.yml runs the code of main on the manifests of a pull request: its own step, run on a real merge."""

import subprocess
from pathlib import Path

import pytest
import yaml
from docs_text import ROOT

STEP = "Take the code of main, and only manifests of the pull request"
IDENTITY = ("-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")


def git(repository: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def merged(tmp_path):
    """A checkout as actions/checkout leaves it: the merge of a pull request into a main that has moved on."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "tenants").mkdir()
    for name in ("acme", "birch"):
        (tmp_path / "tenants" / f"{name}.yaml").write_text(f"tenant: {name}\n")
    (tmp_path / "program.py").write_text("good\n")
    (tmp_path / "Pulumi.yaml").write_text("name: good\n")
    (tmp_path / "secret").write_text("the key to the state")
    commit(tmp_path, "main")
    git(tmp_path, "switch", "-qc", "theirs")
    (tmp_path / "program.py").write_text("evil\n")
    (tmp_path / "Pulumi.yaml").write_text("name: evil\n")
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    (tmp_path / "tenants" / "birch.yaml").unlink()
    (tmp_path / "tenants" / "code.py").write_text("evil\n")
    (tmp_path / "tenants" / "leak.yaml").symlink_to("../secret")
    (tmp_path / "tenants" / "in a folder").mkdir()
    (tmp_path / "tenants" / "in a folder" / "cedar.yaml").write_text("tenant: cedar\n")
    (tmp_path / "plans").symlink_to("tenants")
    commit(tmp_path, "theirs")
    git(tmp_path, "switch", "-q", "main")
    (tmp_path / "tenants" / "newer.yaml").write_text("tenant: newer\n")
    commit(tmp_path, "main moves on")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "theirs")
    take(tmp_path)
    return tmp_path


def commit(repository: Path, message: str) -> None:
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", message)


def take(repository: Path) -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "preview.yml").read_text())
    step = next(step for step in workflow["jobs"]["preview"]["steps"] if step.get("name") == STEP)
    # As GitHub runs it: bash -e, and no pipefail where the step names no shell.
    subprocess.run(["bash", "-e", "-c", step["run"]], cwd=repository, env=environment(step), check=True)


def environment(step: dict[str, dict[str, str]]) -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", **step["env"]}


def test_code_is_that_of_main(merged):
    assert (merged / "program.py").read_text() == "good\n"
    assert (merged / "Pulumi.yaml").read_text() == "name: good\n"
    assert not (merged / "tenants" / "code.py").exists()


def test_manifests_are_those_of_the_pull_request_and_of_the_newest_main(merged):
    assert (merged / "tenants" / "acme.yaml").read_text() == "tenant: acme\nname: Acme\n"
    assert (merged / "tenants" / "newer.yaml").exists()
    assert (merged / "tenants" / "in a folder" / "cedar.yaml").exists()


def test_a_manifest_that_the_pull_request_deletes_is_gone(merged):
    assert not (merged / "tenants" / "birch.yaml").exists()


def test_a_pull_request_that_deletes_every_manifest_ends_there_and_brings_no_code(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "program.py").write_text("good\n")
    commit(tmp_path, "main")
    git(tmp_path, "switch", "-qc", "theirs")
    (tmp_path / "program.py").write_text("evil\n")
    (tmp_path / "tenantry.yaml").unlink()
    commit(tmp_path, "theirs")
    git(tmp_path, "switch", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "theirs")
    with pytest.raises(subprocess.CalledProcessError):
        take(tmp_path)
    assert (tmp_path / "program.py").read_text() == "good\n"


def test_a_link_leads_nowhere(merged):
    assert not (merged / "tenants" / "leak.yaml").is_symlink()
    assert (merged / "tenants" / "leak.yaml").read_text() == "../secret"
    assert not (merged / "plans").exists()


def test_what_changed_can_be_seen_from_main(merged):
    changed = git(merged, "status", "--porcelain", "-uno")
    assert "tenants/acme.yaml" in changed
    assert "newer" not in changed
