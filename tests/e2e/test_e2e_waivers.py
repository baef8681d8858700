"""A waiver that comes with a change is named in its preview, by the whole way from git to the comment."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = "owner: ana@owl.example, until: '2099-12-31'"


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *words], cwd=folder, check=True)


def test_a_preview_names_waivers_that_lift_a_rule_and_new_ones(stack_project):
    shutil.copytree(ROOT / "policies", stack_project.folder / "policies")
    waivers = stack_project.folder / "waivers"
    waivers.mkdir()
    (waivers / "acme.yaml").write_text(f"spend-trigger: {{reason: a pilot, {MARKS}}}\n")
    (stack_project.folder / ".gitignore").write_text("backend\n.venv\n__pycache__\n")
    git(stack_project.folder, "init", "-q")
    git(stack_project.folder, "add", "-A")
    git(stack_project.folder, "commit", "-qm", "before")
    (waivers / "acme-2.yaml").write_text(f"spend-trigger: {{reason: moves soon, {MARKS}}}\n")
    lines = stack_project.tenantry("preview", "--format", "markdown").output.splitlines()
    texts = [line for line in lines if "is waived until" in line]
    assert [line.partition(" (mandatory)")[0] for line in texts] == [
        "acme: spend-trigger",
        "acme-2: spend-trigger",
    ]
    text = stack_project.tenantry("preview", "--changed-since", "HEAD").output
    assert "NEW: acme-2: spend-trigger (mandatory) is waived until 2099-12-31 by ana@owl.example: moves soon" in text
    assert "NEW: acme: " not in text
