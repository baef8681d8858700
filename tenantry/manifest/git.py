"""What git knows about a project: where a branch began, which files changed since, and the YAML files at that commit.

Blobs are read as they are: `git archive` and checkouts obey `.gitattributes`, which can drop files or rewrite them.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tenantry.manifest.problem import NOTHING_SENT
from tenantry.text.printable import printable

FULL_HISTORY = "fetch all of it with `git fetch --unshallow`, or with `fetch-depth: 0` of actions/checkout"
FILE_MODES = ("100644", "100755")
NOT_FOLLOWED = b"a symbolic link\0"
"""Stands for a link, whose target may have changed: it is no YAML, so tenants that use it count as changed."""


class GitError(Exception):
    """Git can't say what changed; the text has the question, the answer and the next step."""


@dataclass(frozen=True)
class _Blob:
    """A YAML file, or a link with the name of one, in a commit."""

    path: str
    mode: str
    object_id: str


def base_of(root: Path, ref: str) -> str:
    """Return the commit at which HEAD branched off `ref` (their merge base); raises GitError.

    In a shallow clone the best one may be cut off, so only `ref` itself is taken there.
    """
    _require_repository(root)
    wanted, head = _find_commit(root, ref), _find_commit(root, "HEAD")
    base = run_git(root, "merge-base", wanted, head).stdout.decode().strip()
    if base == wanted:
        return base
    if is_shallow(root):
        raise _make_error(f"this clone is shallow, so git can't find where HEAD branched off '{ref}'", FULL_HISTORY)
    if not base:
        raise _make_error(f"'{ref}' and HEAD have no commit in common", "name a branch that HEAD came from")
    return base


def list_changed_files(root: Path, commit: str) -> tuple[str, ...]:
    """Return the files below `root` that differ from a commit, both names of a renamed one, untracked ones too."""
    differing = _run_git(root, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", commit, "--")
    untracked = _run_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return tuple(sorted(os.fsdecode(name) for name in {*differing.split(b"\0"), *untracked.split(b"\0")} if name))


def commit_of(root: Path) -> str | None:
    """Return the commit that is checked out, with a word where files differ from it; None outside of git."""
    try:
        found = run_git(root, "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty= with changes")
    except GitError:
        return None
    return found.stdout.decode().strip() or None


def write_manifests(root: Path, commit: str, folder: Path) -> None:
    """Write the YAML files that a commit had below `root` into a folder."""
    blobs = tuple(_list_yaml_files(root, commit))
    for blob, content in zip(blobs, _read_contents(root, blobs), strict=True):
        path = folder / blob.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if blob.mode in FILE_MODES else NOT_FOLLOWED)


def _list_yaml_files(root: Path, commit: str) -> Iterator[_Blob]:
    for entry in _run_git(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        described, _, name = entry.partition(b"\t")
        path = PurePosixPath(os.fsdecode(name))
        if path.suffix.lower() in (".yaml", ".yml") and ".." not in path.parts:
            mode, kind, object_id = described.decode().split(" ")
            if kind == "blob":
                yield _Blob(str(path), mode, object_id)


def _read_contents(root: Path, blobs: tuple[_Blob, ...]) -> Iterator[bytes]:
    """Yield the content of each blob: `git cat-file --batch` answers `ID blob SIZE`, the bytes, a line's end."""
    answer = _run_git(root, "cat-file", "--batch", given="".join(f"{blob.object_id}\n" for blob in blobs).encode())
    position = 0
    for blob in blobs:
        begin = answer.index(b"\n", position) + 1
        header = answer[position : begin - 1].decode()
        if not header.startswith(f"{blob.object_id} blob "):
            raise _make_error(f"git can't read {blob.path} as it was: {header}", "fetch what is missing")
        position = begin + int(header.rpartition(" ")[2]) + 1
        yield answer[begin : position - 1]


def _require_repository(root: Path) -> None:
    found = run_git(root, "rev-parse", "--show-toplevel")
    if found.returncode:
        raise _make_error(
            f"{root} is not in a git repository that can be used ({_read_stderr(found)})", "leave out --changed-since"
        )


def _find_commit(root: Path, ref: str) -> str:
    found = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        way_out = FULL_HISTORY if is_shallow(root) else "correct the name, or fetch it with `git fetch`"
        raise _make_error(f"git does not know a commit '{ref}' here", way_out)
    return found.stdout.decode().strip()


def is_shallow(root: Path) -> bool:
    """Return whether a clone has only the end of its history; raises GitError."""
    return _run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _run_git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = run_git(root, *arguments, given=given)
    if done.returncode:
        raise _make_error(
            f"`git {' '.join(arguments)}` failed: {_read_stderr(done)}", "correct that, or leave out the option"
        )
    return done.stdout


def run_git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, and return how it ended; raises GitError where there is no git."""
    # Without optional locks another `git` process never finds the index locked.
    environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(["git", *arguments], cwd=root, env=environ, input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise _make_error("git is not on PATH", "install it, or leave out the option") from None


def _read_stderr(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join(done.stderr.decode(errors="replace").split()) or f"exit code {done.returncode} without output"


def _make_error(problem: str, way_out: str) -> GitError:
    return GitError(
        printable(f"Asking git what changed (--changed-since): {problem}. {NOTHING_SENT} To go on, {way_out}.")
    )
