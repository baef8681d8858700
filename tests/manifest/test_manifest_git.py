"""Asking git: the base of a branch, what changed since, the manifests as they were, and each way it can fail."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tenantry.manifest.git import GitError, base_of, list_changed_files, write_manifests

IDENTITY = ("-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Run git in a repository of its own, at `tmp_path / "repository"`; nothing of the user's settings counts."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    root = tmp_path / "repository"
    root.mkdir()

    def run(*arguments: str, at: Path = root) -> str:
        done = subprocess.run(["git", *IDENTITY, *arguments], cwd=at, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def root(tmp_path: Path, git: Git) -> Path:
    """A repository with one commit on main."""
    root = tmp_path / "repository"
    write(root, {"tenantry.yaml": "format: 1\n", "tenants/acme.yaml": "tenant: acme\nname: Acme\n", "README.md": "x\n"})
    commit(git)
    return root


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(git: Git) -> str:
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    return git("rev-parse", "HEAD")


def test_the_base_is_where_the_branch_left(root, git):
    base = git("rev-parse", "HEAD")
    git("switch", "-q", "-c", "topic")
    write(root, {"tenants/birch.yaml": "b\n"})
    commit(git)
    git("switch", "-q", "main")
    write(root, {"tenants/cedar.yaml": "c\n"})
    commit(git)
    git("switch", "-q", "topic")
    assert base_of(root, "main") == base
    assert list_changed_files(root, base) == ("tenants/birch.yaml",)


def test_changed_and_untracked_files_are_listed_and_ignored_ones_are_not(root, git):
    base = git("rev-parse", "HEAD")
    write(root, {"committed.md": "x", ".gitignore": "ignored.md\n"})
    commit(git)
    write(root, {"staged.md": "x"})
    git("add", "staged.md")
    write(root, {"README.md": "changed", "new file\n.md": "x", "ignored.md": "x"})
    assert list_changed_files(root, base) == (".gitignore", "README.md", "committed.md", "new file\n.md", "staged.md")


def test_both_names_of_a_renamed_file_are_told(root, git):
    base = git("rev-parse", "HEAD")
    git("mv", "tenants/acme.yaml", "tenants/acme-2.yaml")
    assert list_changed_files(root, base) == ("tenants/acme-2.yaml", "tenants/acme.yaml")


def test_a_project_below_the_top_of_its_repository_is_asked_for_alone(root, git):
    write(root, {"owl/tenantry.yaml": "format: 1\n", "owl/tenants/elm.yaml": "old\n"})
    base = commit(git)
    write(root, {"owl/tenants/elm.yaml": "new\n", "tenants/acme.yaml": "new\n"})
    owl, old = root / "owl", root.parent / "old"
    assert list_changed_files(owl, base_of(owl, "main")) == ("tenants/elm.yaml",)
    write_manifests(owl, base, old)
    assert {str(path.relative_to(old)) for path in old.rglob("*.yaml")} == {"tenantry.yaml", "tenants/elm.yaml"}
    assert (old / "tenants" / "elm.yaml").read_text() == "old\n"


def test_manifests_are_written_unfiltered_and_links_are_not_followed(root, git, tmp_path):
    write(root, {".gitattributes": "*.yaml export-ignore text eol=crlf\n", "tenants/ü\t.yaml": "tenant: x\n"})
    (root / "plans").mkdir()
    (root / "plans" / "small.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    base = commit(git)
    write_manifests(root, base, tmp_path / "old")
    written = {str(path.relative_to(tmp_path / "old")) for path in (tmp_path / "old").rglob("*.yaml")}
    assert written == {"tenantry.yaml", "tenants/acme.yaml", "tenants/ü\t.yaml", "plans/small.yaml"}
    assert (tmp_path / "old" / "tenants" / "acme.yaml").read_bytes() == b"tenant: acme\nname: Acme\n"
    assert not (tmp_path / "old" / "plans" / "small.yaml").is_symlink()


def test_a_folder_that_is_no_repository_is_told(git, tmp_path):
    with pytest.raises(GitError, match=r"is not in a git repository .*not a git repository.*leave out --changed-since"):
        base_of(tmp_path, "main")


@pytest.mark.parametrize("ref", ["nowhere", "", "--all", "main:README.md"])
def test_a_commit_that_git_does_not_know_is_told(root, ref):
    with pytest.raises(GitError) as error:
        base_of(root, ref)
    assert str(error.value) == (
        f"Asking git what changed (--changed-since): git does not know a commit '{ref}' here. "
        "Nothing was sent to Twilio. "
        "To go on, correct the name, or fetch it with `git fetch`."
    )


def test_a_branch_with_nothing_in_common_is_told(root, git):
    git("switch", "-q", "--orphan", "other")
    write(root, {"x": "x"})
    commit(git)
    with pytest.raises(GitError, match="'main' and HEAD have no commit in common"):
        base_of(root, "main")


def test_a_shallow_clone_is_refused_unless_head_comes_straight_from_the_commit(root, git, tmp_path):
    git("switch", "-q", "-c", "topic")
    for text in "ab":
        write(root, {"README.md": text})
        commit(git)
    clone = tmp_path / "clone"
    git("clone", "-q", "--depth", "2", "--no-single-branch", root.as_uri(), str(clone), at=tmp_path)
    assert base_of(clone, "HEAD^") == git("rev-parse", "HEAD^")
    with pytest.raises(GitError, match=r"does not know a commit .*fetch-depth: 0"):
        base_of(clone, "HEAD^^^")
    with pytest.raises(
        GitError, match="this clone is shallow, so git can't find where HEAD branched off 'origin/main'"
    ):
        base_of(clone, "origin/main")


def test_without_git_the_error_says_so(root, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GitError, match="git is not on PATH"):
        base_of(root, "main")
