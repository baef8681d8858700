"""Find manifests, and name them relative to the project's folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from tenantry.manifest.problem import Place, Problem

PROJECT = "tenantry.yaml"
DEFAULTS = "defaults.yaml"
PLANS = "plans"
PROFILES = "profiles"
CUSTOMERS = "customers"
WAIVERS = "waivers"
POLICIES = "policies"
SUFFIXES = (".yaml", ".yml")
OUTSIDE = "lies outside of the project, or is a link that leads out of it; put the file itself into the project"
LINK = "is a symbolic link, or behind one: what is reviewed is then not what is read; put the file itself in its place"


def file_name(root: Path, path: Path) -> str:
    """Return the name of a file as problems call it."""
    below = os.fspath(path).removeprefix(f"{root}/")
    is_plain = path.is_absolute() == root.is_absolute() and (root == Path() or below != os.fspath(path))
    # A path of pathlib's has no `.` and no empty part, so without `..` its text is its name.
    return below if is_plain and ".." not in below else Path(os.path.relpath(path, root)).as_posix()


def is_there(path: Path) -> bool:
    """Return whether anything has this name: a broken link is a mistake, not an absent file."""
    return os.path.lexists(path)


def leads_out(root: Path, path: Path) -> bool:
    """Return whether a path ends outside of the project, by `..` or by a link.

    Problems quote the file, in CI in public: a link must not make us read /proc/self/environ.
    """
    if ".." not in file_name(root, path) and not is_link(root, path):
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def find_misnamed(root: Path, expected: Path) -> Iterator[Problem]:
    """Yield a problem for each neighbour with almost the name of a file or folder that we read.

    For example Defaults.yaml, default.yaml and defaults.yml beside defaults.yaml, and Plans, if it holds manifests,
    beside plans: no run reads them, so their contents would be missing without a message.
    """
    try:
        neighbours = sorted(expected.parent.iterdir())
    except OSError:
        return  # the reader of the folder reports that
    is_meant = _is_meant_file if expected.suffix in SUFFIXES else _is_meant_folder
    for entry in neighbours:
        if entry.name != expected.name and is_meant(entry, expected.name.lower()):
            yield _make_problem(root, entry, f"is not read: rename it to {expected.name}")


def _is_meant_file(entry: Path, name: str) -> bool:
    stem, suffix = entry.stem.lower(), entry.suffix.lower()
    return suffix in SUFFIXES and stem.removesuffix("s") == name.removesuffix(".yaml").removesuffix("s")


def _is_meant_folder(entry: Path, name: str) -> bool:
    if entry.name.lower() != name or not _is_folder(entry):
        return False
    return any(found.suffix.lower() in SUFFIXES for found in entry.rglob("*"))


def is_link(root: Path, path: Path) -> bool:
    """Return whether a path is a symbolic link, or lies behind one in the project.

    Git keeps a link's text, which may look like a manifest to a reviewer, and what is read is another file.
    """
    parts = file_name(root, path).split("/")
    return any(os.path.islink(os.path.join(root, *parts[:end])) for end in range(1, len(parts) + 1))  # noqa: PTH114, PTH118


def manifests_in(root: Path, folder: Path, *, nested: bool) -> Iterator[Path | Problem]:
    """Yield the YAML files of a folder, sorted, and a problem for each entry that only looks like one.

    Hidden files, and files of other kinds such as CODEOWNERS, are ignored.
    """
    if leads_out(root, folder):
        yield _make_problem(root, folder, OUTSIDE)
        return
    try:
        entries = [folder / name for name in sorted(os.listdir(folder))]  # noqa: PTH208  # pathlib sorts parts
    except OSError as error:
        yield _make_problem(root, folder, f"the folder can't be read: {error.strerror}; correct its permissions")
        return
    for entry in entries:
        if not entry.name.startswith("."):
            yield from _read_entry(root, entry, nested=nested)


def _read_entry(root: Path, entry: Path, *, nested: bool) -> Iterator[Path | Problem]:
    if entry.suffix == ".yaml":
        yield entry
    elif entry.suffix.lower() in SUFFIXES:
        yield _make_problem(root, entry, f"is not read: rename it to {entry.stem}.yaml")
    elif not _is_folder(entry):
        return
    elif entry.is_symlink():
        yield _make_problem(
            root, entry, "is a symbolic link to a folder, which can lead in circles; put the files here"
        )
    elif nested:
        yield from manifests_in(root, entry, nested=True)
    else:
        yield _make_problem(
            root, entry, f"is a folder; the files of {entry.parent.name} lie right in {entry.parent.name}"
        )


def _is_folder(entry: Path) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # whatever it is, it is no manifest


def _make_problem(root: Path, path: Path, sentence: str) -> Problem:
    return Problem.at(Place(file_name(root, path)), "", sentence)
