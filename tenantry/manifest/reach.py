"""Which files of a merge are manifests, which are previewed, and which of them are refused.

A manifest must equal its checkout byte by byte: anything that makes it differ from the checkout,
or from the text that a reviewer saw, is refused with its place.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from tenantry.manifest.changed import INERT
from tenantry.manifest.files import CUSTOMERS, DEFAULTS, PLANS, PROFILES, PROJECT, WAIVERS
from tenantry.manifest.git_tree import EXECUTABLE, FILE, LINK, SUBMODULE, Entry
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.yaml.reader import SIZE_LIMIT
from tenantry.model.project import Project

SUFFIXES = (".yaml", ".yml")
_AT_THE_TOP = frozenset(PurePosixPath(name).stem for name in (PROJECT, DEFAULTS))
_OF_CODE = "Pulumi"
_UNSEEN = ("", ".", "..", ".git")
NOT_PLAIN: Mapping[str, Collection[str]] = {
    "eol": ("unspecified", "unset", "lf"),
    "export-ignore": ("unspecified", "unset"),
    "export-subst": ("unspecified", "unset"),
    "filter": ("unspecified", "unset"),
    "ident": ("unspecified", "unset"),
    "working-tree-encoding": ("unspecified", "unset"),
}
"""Attributes that give a checkout, or an archive, other bytes than git has, with their harmless values."""


@dataclass(frozen=True)
class Reach:
    """The folders whose manifests are taken, besides those at the top."""

    folders: frozenset[str]

    def takes(self, path: str) -> bool:
        """Return whether a file is taken: it has the name and the folder of a manifest."""
        name = PurePosixPath(path)
        if name.suffix.lower() not in SUFFIXES:
            return False
        return _is_at_the_top(name) or self._is_inside(path)

    def touches(self, path: str) -> bool:
        """Return whether an entry with this path can change which manifests are read, such as a link above them."""
        below = any(folder == path or folder.startswith(f"{path}/") for folder in self.folders)
        return below or self._is_inside(path) or _is_at_the_top(PurePosixPath(path))

    def _is_inside(self, path: str) -> bool:
        return any(path.startswith(f"{folder}/") for folder in self.folders)


def reach_of(main: Project, merged: Project, main_paths: Iterable[str]) -> tuple[Reach, list[Problem]]:
    """Return the reach, and a problem for each folder of tenantry.yaml that can't be taken."""
    own = {PLANS, PROFILES, CUSTOMERS, WAIVERS, *_folders_of(main)}
    tops = {_fold_case(PurePosixPath(path).parts[0]) for path in main_paths}
    problems = [_of_folder(name, "holds more than manifests") for name in own if not _is_apart(name)]
    for name in _folders_of(merged) - own:
        if not _is_apart(name) or not _is_new(name, own, tops):
            problems.append(_of_folder(name, "holds what main has there, which may be code"))
    return Reach(frozenset(own | _folders_of(merged))), problems


def find_refusals(reach: Reach, main: Mapping[str, Entry], merged: Mapping[str, Entry]) -> Iterator[Problem]:
    """Yield the problems of the paths of a merge, without those of their attributes."""
    for path, entry in merged.items():
        if reach.touches(path) and (sentence := _find_refusal(reach, path, entry, main.get(path))):
            yield Problem.at(Place(path), "", sentence)
    yield from _find_colliding(reach, merged)


def find_attribute_refusals(found: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    """Yield a problem for each file with other bytes in a checkout; `found` has path, attribute and value."""
    for path, attribute, value in found:
        if value not in NOT_PLAIN[attribute]:
            sentence = f"has the attribute {attribute} ({value}), so a checkout has other bytes than a reviewer saw"
            yield Problem.at(Place(path), "", f"{sentence}; remove it in .gitattributes")


def not_covered(reach: Reach, main: Mapping[str, Entry], merged: Mapping[str, Entry]) -> tuple[str, ...]:
    """Return the files that a merge changes, that a run may read, and that are not taken."""
    changed = {path for path in main.keys() | merged.keys() if main.get(path) != merged.get(path)}
    return tuple(sorted(path for path in changed if not reach.takes(path) and not _is_inert(path)))


def _find_refusal(reach: Reach, path: str, entry: Entry, before: Entry | None) -> str | None:
    if entry.mode == LINK:
        return "is a symbolic link: what is reviewed is not what is read; put the file in its place"
    if entry.mode == SUBMODULE:
        return "is a submodule, whose files are not in this repository; put them here"
    if not reach.takes(path):
        return None
    if any(part.lower() in _UNSEEN for part in PurePosixPath(path).parts):
        return "has a name that no checkout can have; rename it"
    if PurePosixPath(path).name.lower().startswith(_OF_CODE.lower()):
        return "has a name that Pulumi reads as a program's; rename it"
    if entry.mode != FILE and (entry.mode != EXECUTABLE or before is None or before.mode != EXECUTABLE):
        return (
            f"has the mode {entry.mode}; a manifest is a plain file ({FILE}): run `git update-index --chmod=-x` on it"
        )
    if entry.size > SIZE_LIMIT:
        return "is larger than 1 MiB, which no manifest is"
    return None


def _find_colliding(reach: Reach, merged: Iterable[str]) -> Iterator[Problem]:
    """Yield names that are equal on a file system that folds case or composes characters; a checkout there has one."""
    spelled: dict[str, str] = {}
    reported = set[str]()
    for path in sorted(merged):
        for name in (path, *map(str, PurePosixPath(path).parents)):
            other = spelled.setdefault(_fold_case(name), name)
            if other != name and name not in reported and (reach.touches(name) or reach.touches(other)):
                reported.add(name)
                sentence = f"differs from {other} only in case or in the composition of characters; rename one of them"
                yield Problem.at(Place(name), "", sentence)


def _folders_of(project: Project) -> set[str]:
    named = (project.tenants, *(entry.tenants for entry in project.stacks.values() if entry.tenants))
    return {PurePosixPath(name).as_posix() for name in named}


def _is_apart(folder: str) -> bool:
    parts = PurePosixPath(folder).parts
    return bool(parts) and not folder.startswith("/") and not any(part.startswith(".") for part in parts)


def _is_new(folder: str, own: Collection[str], tops: Collection[str]) -> bool:
    return (
        any(folder.startswith(f"{parent}/") for parent in own) or _fold_case(PurePosixPath(folder).parts[0]) not in tops
    )


def _of_folder(name: str, why: str) -> Problem:
    return Problem.at(
        Place(PROJECT), "tenants", f"the folder '{name}' {why}, so a preview can't take it; use a folder of its own"
    )


def _is_at_the_top(name: PurePosixPath) -> bool:
    return len(name.parts) == 1 and name.stem.lower() in _AT_THE_TOP and name.suffix.lower() in SUFFIXES


def _is_inert(path: str) -> bool:
    """Return whether no run reads a file. GitHub's workflows are runs, and attributes change a checkout."""
    if path.startswith(".github/") or PurePosixPath(path).name == ".gitattributes":
        return False
    return any(fnmatchcase(path, pattern) for pattern in INERT)


def _fold_case(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
