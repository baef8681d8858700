"""Trees of git as data: what a merge would have, read from objects. Nothing is checked out, and no hook runs."""

import os
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tenantry.manifest.git import GitError
from tenantry.text.printable import printable
from tenantry.text.some import first_of

LINK, SUBMODULE, FILE, EXECUTABLE = "120000", "160000", "100644", "100755"
NAMED = 5


@dataclass(frozen=True)
class Entry:
    """One file, link or submodule of a tree; `size` counts bytes, of a submodule 0."""

    mode: str
    object_id: str
    size: int


def find_commit(root: Path, name: str) -> str:
    """Return the whole id of a commit; raises GitError."""
    done = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if done.returncode:
        raise _make_error(
            f"git does not know a commit '{name}' here", "fetch it; with actions/checkout by `fetch-depth: 0`"
        )
    return done.stdout.decode().strip()


def merge(root: Path, commit: str) -> str:
    """Return the tree that merging a commit into HEAD would have, without touching index or files; raises GitError."""
    _refuse_half(root)
    done = _run(root, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "HEAD", commit)
    tree, *conflicts = [os.fsdecode(part) for part in done.stdout.split(b"\0") if part]
    if done.returncode == 1:
        raise _make_error(f"it conflicts in {first_of(conflicts, NAMED)}", "merge main into the branch there")
    if done.returncode:
        raise _make_failure("merge-tree", done)
    return tree


def tree_of(root: Path, name: str) -> Mapping[str, Entry]:
    """Return all entries of a commit or tree, by path from the top of the repository; raises GitError."""
    entries = {}
    for line in _run_git(root, "ls-tree", "-r", "-l", "-z", "--full-tree", name).split(b"\0"):
        described, _, path = line.partition(b"\t")
        if path:
            mode, _, object_id, size = described.decode().split()
            entries[os.fsdecode(path)] = Entry(mode, object_id, 0 if size == "-" else int(size))
    return entries


def read_attributes(
    root: Path, tree: str, paths: Collection[str], names: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield path, attribute and value as in a checkout of a tree: its own .gitattributes decide."""
    with TemporaryDirectory(prefix="tenantry-index-") as folder:
        index = Path(folder) / "index"
        _run_git(root, "read-tree", tree, index=index)
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        fields = _run_git(root, "check-attr", "--cached", "-z", "--stdin", *names, given=given, index=index).split(
            b"\0"
        )[:-1]
    words = [os.fsdecode(word) for word in fields]
    yield from zip(words[::3], words[1::3], words[2::3], strict=True)


def read_contents(root: Path, entries: Mapping[str, Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield each path with the unfiltered bytes of its blob."""
    given = "".join(f"{entry.object_id}\n" for entry in entries.values()).encode()
    answer, position = _run_git(root, "cat-file", "--batch", given=given), 0
    for path, entry in entries.items():
        begin = answer.index(b"\n", position) + 1
        if answer[position:begin] != f"{entry.object_id} blob {entry.size}\n".encode():
            raise _make_error(f"git can't read {path}", "fetch what is missing")
        position = begin + entry.size + 1
        yield path, answer[begin : position - 1]


def refuse_unclean(root: Path) -> None:
    """Raise GitError unless `root` is the top of a repository whose tracked files are as they were committed."""
    if _run_git(root, "rev-parse", "--show-prefix").strip():
        raise _make_error(f"{root} is not the top of its repository", "name that with -C")
    if changed := _run_git(root, "status", "--porcelain", "-z", "--untracked-files=no"):
        first = os.fsdecode(changed.split(b"\0")[0][3:])
        raise _make_error(f"{first} has changes that are not committed", "commit them; they would be lost")


def _refuse_half(root: Path) -> None:
    if _run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise _make_error("this clone is shallow, so git can't tell what would be merged", "use `fetch-depth: 0`")


def _run_git(root: Path, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
    done = _run(root, *arguments, given=given, index=index)
    if done.returncode:
        raise _make_failure(arguments[0], done)
    return done.stdout


def _run(
    root: Path, *arguments: str, given: bytes = b"", index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    # A replacement ref would give other contents than a checkout elsewhere has.
    fixed = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    environ = {**os.environ, **fixed, **({"GIT_INDEX_FILE": str(index)} if index else {})}
    try:
        return subprocess.run(["git", *arguments], cwd=root, env=environ, input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise _make_error("git is not on PATH", "install it") from None


def _make_failure(command: str, done: subprocess.CompletedProcess[bytes]) -> GitError:
    reason = " ".join(done.stderr.decode(errors="replace").split()) or f"exit code {done.returncode} without output"
    return _make_error(f"`git {command}` failed: {reason}", "put that right")


def _make_error(problem: str, way_out: str) -> GitError:
    return GitError(
        printable(f"Laying the manifests of a merge over main: {problem}. Nothing was changed. To go on, {way_out}.")
    )
