"""The first-parent history of a branch: what main said at an instant, whatever was merged later."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenantry.manifest.git import FULL_HISTORY, GitError, is_shallow, run_git
from tenantry.text.printable import printable


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the first-parent history; `at` is when it was committed, in UTC, to the second."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a branch that touched a YAML file, the oldest first, and the branch's head."""

    commits: tuple[Commit, ...]
    head: str

    def until(self, instant: datetime) -> Commit | None:
        """Return the last commit at or before an instant; None where the history begins later."""
        return next((commit for commit in reversed(self.commits) if commit.at <= instant), None)

    def between(self, after: datetime, until: datetime) -> Iterator[Commit]:
        """Yield the commits after an instant and not after another, the oldest first."""
        return (commit for commit in self.commits if after < commit.at <= until)


def read_history(root: Path, branch: str) -> History:
    """Return the first-parent history of a branch, of the remote `origin` where there is no such branch here.

    Raises GitError outside of a repository, in a shallow clone and for an unknown branch.
    """
    found = run_git(root, "rev-parse", "--is-inside-work-tree")
    if found.returncode:
        raise _make_error(root, f"{root} is not in a git repository", "run the command in a clone of your project")
    if is_shallow(root):
        raise _make_error(root, "this clone is shallow, so the terms of earlier months are cut off", FULL_HISTORY)
    head = _find_head(root, branch)
    log = run_git(root, "log", "--first-parent", "--reverse", "--format=%H %ct", head, "--", "*.yaml", "*.yml")
    if log.returncode:
        raise _make_error(root, log.stderr.decode(errors="replace").strip(), "put that right")
    return History(tuple(_read_commit(line) for line in log.stdout.decode().splitlines()), head)


def files_of(root: Path, commit: Commit) -> tuple[str, ...]:
    """Return the YAML files that a commit changed against its first parent, below `root`."""
    arguments = (
        "diff-tree",
        "-r",
        "-m",
        "--first-parent",
        "--root",
        "--no-commit-id",
        "--name-only",
        "-z",
        "--relative",
    )
    found = run_git(root, *arguments, commit.id, "--", "*.yaml", "*.yml")
    if found.returncode:
        raise _make_error(root, found.stderr.decode(errors="replace").strip(), "put that right")
    return tuple(os.fsdecode(name) for name in found.stdout.split(b"\0") if name)


def _find_head(root: Path, branch: str) -> str:
    for name in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        found = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode().strip()
    way_out = f"fetch it with `git fetch origin {branch}`, or name your branch in tenantry.yaml: statements.branch"
    raise _make_error(root, f"there is no branch '{branch}', here or at origin", way_out)


def _read_commit(line: str) -> Commit:
    name, seconds = line.split(" ")
    return Commit(name, datetime.fromtimestamp(int(seconds), UTC))


def _make_error(root: Path, problem: str, way_out: str) -> GitError:
    return GitError(
        printable(f"Reading the history of the terms in {root.resolve().name}: {problem}. To go on, {way_out}.")
    )
