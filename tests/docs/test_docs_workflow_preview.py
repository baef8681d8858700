"""preview.yml runs the code of main on the manifests of a pull request: its own steps, run on a real repository."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

LAY = "Lay the manifests of the pull request over main"
MARKER = "<!-- tenantry:preview stack=production -->"
IDENTITY = ("-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")
GH = """\
#!/bin/sh
echo "$marker|$*" >> "$ASKED"
case "$*" in *--paginate*) echo "$FOUND";; esac
"""


def git(repository: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout


def commit(repository: Path) -> None:
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "x")


def run(name: str, folder: Path, **variables: str) -> None:
    """Run a step as GitHub does: bash -e, and no pipefail where the step names no shell."""
    jobs = yaml.safe_load((USERS_WORKFLOWS / "preview.yml").read_text())["jobs"]
    step: dict[str, Any] = next(step for step in jobs["preview"]["steps"] if step.get("name") == name)
    ours = Path(sys.executable).parent
    environ = {"PATH": f"{folder.parent}:{ours}:{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": "/dev/null", **variables}
    summary = {"GITHUB_STEP_SUMMARY": str(folder.parent / "summary"), "STACK": "production"}
    subprocess.run(["bash", "-e", "-c", step["run"]], cwd=folder, env={**environ, **summary}, check=True)


@pytest.fixture
def checkout(tmp_path):
    """A checkout as actions/checkout leaves it: main, with the branch of the pull request as objects beside it."""
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "tenants").mkdir()
    (root / "tenantry.yaml").write_text("format: 1\n")
    (root / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    (root / "program.py").write_text("good\n")
    commit(root)
    git(root, "switch", "-qc", "theirs")
    return root


def lay(checkout: Path) -> str:
    """Commit what the pull request has, and run the step; return what the comment says of it."""
    commit(checkout)
    head = git(checkout, "rev-parse", "HEAD").strip()
    git(checkout, "switch", "-q", "main")
    try:
        run(LAY, checkout, HEAD=head)
    finally:
        text = (checkout / "overlay.md").read_text()
    return text


def test_manifests_are_laid_over_main_and_code_is_named(checkout):
    (checkout / "program.py").write_text("evil\n")
    (checkout / "tenants" / "birch.yaml").write_text("tenant: birch\nname: Birch\n")
    text = lay(checkout)
    assert (checkout / "program.py").read_text() == "good\n"
    assert (checkout / "tenants" / "birch.yaml").exists()
    assert "**Not covered by this preview: 1 changed file that an `up` may read.**" in text
    assert "<code>program.py</code>" in text


def test_a_pull_request_of_manifests_alone_gets_no_warning(checkout):
    (checkout / "tenants" / "birch.yaml").write_text("tenant: birch\nname: Birch\n")
    assert "Not covered" not in lay(checkout)


def test_a_link_posing_as_a_manifest_ends_the_run_with_a_comment(checkout):
    (checkout / "tenants" / "leak.yaml").symlink_to("tenant: leak\nname: Leak\n")
    with pytest.raises(subprocess.CalledProcessError):
        lay(checkout)
    assert not (checkout / "tenants" / "leak.yaml").is_symlink()
    text = (checkout / "overlay.md").read_text()
    assert text.startswith("**Tenantry: there is no preview, because this pull request can't be previewed as it is.**")
    assert "tenants/leak.yaml" in text
    assert "is a symbolic link" in text


def test_the_preview_names_the_commit_of_the_pull_request(tmp_path):
    ours = tmp_path / "tenantry"
    ours.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 2\n")
    ours.chmod(0o755)
    (tmp_path / "checkout").mkdir()
    run("Preview", tmp_path / "checkout", HEAD="0123abc")
    asked = (tmp_path / "checkout" / "preview.md").read_text().splitlines()
    assert asked[asked.index("--commit") + 1] == "0123abc"
    assert asked[asked.index("--changed-since") + 1] == "HEAD"


def comment(folder: Path, found: str = "", **files: str) -> tuple[str, list[str]]:
    """Run the step that comments; return the comment and what `gh` was asked."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text)
    (folder.parent / "gh").write_text(GH)
    (folder.parent / "gh").chmod(0o755)
    asked = folder.parent / "asked"
    run("Comment", folder, FOUND=found, ASKED=str(asked), COMMENTS="repos/o/r/issues/1/comments", COMMENT="repos/o/r/c")
    return (folder / "comment.md").read_text(), asked.read_text().splitlines()


def test_the_comment_has_marker_uncovered_files_and_preview_in_order(tmp_path):
    preview = f"{MARKER}\n\n### Tenantry: preview of <code>production</code>\n"
    text, asked = comment(tmp_path / "c", preview=preview, overlay="**Not covered by this preview: 1 file.**\n")
    assert text.splitlines()[0] == MARKER
    assert 0 < text.index("Not covered") < text.index("### Tenantry")
    assert "--method POST repos/o/r/issues/1/comments --field body=@comment.md" in asked[-1]


def test_where_there_is_no_preview_the_old_comment_does_not_stand(tmp_path):
    text, asked = comment(tmp_path / "c", found="7", overlay="**Tenantry: there is no preview**, because …\n")
    assert text.startswith(f"{MARKER}\n")
    assert "there is no preview" in text
    assert "the preview failed; the log of its run says why" in text
    assert "--method PATCH repos/o/r/c/7 --field body=@comment.md" in asked[-1]


def test_an_early_failure_does_not_leave_the_old_comment(tmp_path):
    text, _ = comment(tmp_path / "c", found="7")
    assert "the preview failed" in text


def test_a_comment_of_somebody_else_is_never_edited(tmp_path):
    _, asked = comment(tmp_path / "c")
    assert (
        f'{MARKER}|api --paginate repos/o/r/issues/1/comments --jq .[] | select(.user.login == "github-actions[bot]"'
        in (asked[0])
    )
