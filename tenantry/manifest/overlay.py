"""Lay the manifests of a merge over a checkout of main: their data beside our code, and nothing else.

The files of a pull request are read from git's objects and never checked out, so none of its links, filters, hooks or
code acts here. In the end the files on disk are compared with the merge.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tenantry.manifest.files import PROJECT
from tenantry.manifest.git_tree import (
    LINK,
    Entry,
    find_commit,
    merge,
    read_attributes,
    read_contents,
    refuse_unclean,
    tree_of,
)
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.project import read_project
from tenantry.manifest.reach import NOT_PLAIN, Reach, find_attribute_refusals, find_refusals, not_covered, reach_of
from tenantry.model.project import Project


class OverlayError(Exception):
    """A merge that can't be previewed as it is; it has every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join([*map(str, self.problems), "Nothing was changed."]))


@dataclass(frozen=True)
class Overlay:
    """The files that were laid over a commit."""

    head: str
    """The commit that was merged, its whole id."""
    main: str
    """The commit that it was merged into, its whole id."""
    not_covered: tuple[str, ...]
    """Files that the merge changes and that keep main's contents, though a run may read them."""


def lay_over(root: Path, commit: str) -> Overlay:
    """Make the manifests in `root` those of the merge of a commit into HEAD; raises OverlayError, GitError, OSError.

    Everything else stays as HEAD has it, and everything is checked before anything is written.
    """
    refuse_unclean(root)
    head, main = find_commit(root, commit), find_commit(root, "HEAD")
    tree = merge(root, head)
    before, after = tree_of(root, main), tree_of(root, tree)
    reach, problems = reach_of(_read_project(root, before), _read_project(root, after), before)
    if problems:  # the contents of such a folder must not even be listed
        raise OverlayError(problems)
    taken = {path: entry for path, entry in after.items() if reach.takes(path)}
    problems = [*find_refusals(reach, before, after)]
    problems += find_attribute_refusals(read_attributes(root, tree, taken, NOT_PLAIN))
    problems += [
        Problem.at(Place(path), "", "is not in git, and would be taken for a manifest of the merge; remove it")
        for path in sorted(_list_on_disk(root, reach) - before.keys())
    ]
    if problems:
        raise OverlayError(problems)
    _remove(root, [path for path, entry in before.items() if reach.takes(path) or _is_link_above(reach, path, entry)])
    _write(root, taken)
    _compare(root, reach, taken, len(main))
    return Overlay(head, main, not_covered(reach, before, after))


def _read_project(root: Path, tree: Mapping[str, Entry]) -> Project:
    """Return the project's file of a tree; an unusable one counts as defaults: the preview reports its problems."""
    entry = tree.get(PROJECT)
    if entry is None or entry.mode == LINK:
        return Project(format=1)
    with TemporaryDirectory(prefix="tenantry-project-") as folder:
        for _, content in read_contents(root, {PROJECT: entry}):
            (Path(folder) / PROJECT).write_bytes(content)
        return read_project(Path(folder), lambda _: None).project or Project(format=1)


def _is_link_above(reach: Reach, path: str, entry: Entry) -> bool:
    return entry.mode == LINK and reach.touches(path)


def _remove(root: Path, paths: list[str]) -> None:
    for path in paths:
        (root / path).unlink(missing_ok=True)
    for folder in sorted({parent for path in paths for parent in PurePosixPath(path).parents}, reverse=True):
        if folder.parts and (root / folder).is_dir() and not os.listdir(root / folder):  # noqa: PTH208
            (root / folder).rmdir()


def _write(root: Path, taken: Mapping[str, Entry]) -> None:
    for path, content in read_contents(root, taken):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:  # never through an existing entry, such as a link
            stream.write(content)


def _compare(root: Path, reach: Reach, taken: Mapping[str, Entry], digits: int) -> None:
    """Compare the files on disk with the merge: a run must read what a checkout of the merge has."""
    found = {path: _compute_object_id(root / path, digits) for path in _list_on_disk(root, reach)}
    wanted = {path: entry.object_id for path, entry in taken.items()}
    wrong = sorted(path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))
    if wrong:
        raise OverlayError(
            [Problem.at(Place(path), "", "differs from the merge; check out main again") for path in wrong]
        )


def _compute_object_id(path: Path, digits: int) -> str:
    """Return git's id of a file's bytes, in a repository whose ids have so many `digits`; of a link none."""
    if path.is_symlink():
        return ""
    content = path.read_bytes()
    named = b"blob %d\0%b" % (len(content), content)
    return hashlib.sha256(named).hexdigest() if digits == 64 else hashlib.sha1(named).hexdigest()  # noqa: S324


def _list_on_disk(root: Path, reach: Reach) -> set[str]:
    """Return the paths of all files and links in `root` that would be read as manifests."""
    return {path for path in _list_below(root, reach) if reach.takes(path)}


def _list_below(root: Path, reach: Reach) -> Iterator[str]:
    yield from (item.name for item in root.iterdir() if not item.is_dir())
    for folder in reach.folders:
        for above, folders, names in os.walk(root / folder):
            links = (name for name in folders if Path(above, name).is_symlink())
            yield from (Path(above, name).relative_to(root).as_posix() for name in (*names, *links))
