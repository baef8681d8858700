"""ASIDE. What a new project starts with: our own program, which users then own, and a small sample.

In a wheel the program lies beside this file, below `program`; in a checkout it is the repository itself. The workflows
lie beside this file in both: in the repository's own `.github` GitHub would run them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tenantry import __version__
from tenantry.template.installed import sources_table

PROGRAM = ("Pulumi.yaml", "__main__.py", "components", "policies", "plugin", "schemas")
"""What is taken from the repository; pyproject.toml puts the same names into the wheel."""

OWL = ("tenantry.yaml", "defaults.yaml", "plans", "profiles", "tenants", "customers", "waivers")
"""The sample of Owl Inc., which uses every field: what the demo shows."""

_SAMPLE = Path(__file__).parent / "project"
_WORKFLOWS = Path(__file__).parent / "workflows"
_RENAMED = {"gitignore.txt": ".gitignore", "pyproject.txt": "pyproject.toml"}
_IN_WHEEL = Path(__file__).parent / "program"
_IN_CHECKOUT = Path(__file__).parents[2]
_ALLOWED = {".git"}


class NotEmptyError(Exception):
    """The folder holds something, and a starter overwrites nothing."""


def write_project(folder: Path) -> tuple[str, ...]:
    """Write a new project into a new or empty folder and return the names of its files.

    Raises NotEmptyError, and OSError where the folder can't be written.
    """
    if folder.exists() and (held := sorted({item.name for item in folder.iterdir()} - _ALLOWED)):
        raise NotEmptyError(f"{folder} holds {', '.join(held[:3])}{' and more' if held[3:] else ''}")
    return tuple(sorted(_write(folder, name, source) for name, source in _list_files()))


def write_owl(folder: Path) -> tuple[str, ...]:
    """Write our program with the sample of Owl Inc. into a new or empty folder, for the demo."""
    files = _from_program((*PROGRAM, *OWL))
    return tuple(sorted(_write(folder, name, source) for name, source in files))


def read_program(folder: Path) -> dict[str, bytes]:
    """Return the files of a new project in a folder, by name, without a manifest: those come from elsewhere."""
    sources = [*_from_program(PROGRAM), *((_RENAMED[name], _SAMPLE / name) for name in sorted(_RENAMED))]
    project = project_name(folder)
    texts = {name: source.read_text(encoding="utf-8") for name, source in sources}
    return {name: _fill_in_names(text, name, project).encode() for name, text in texts.items()}


def is_executable(name: str) -> bool:
    """Return whether a file of a project is a program: Pulumi runs it, and installers may drop the bit."""
    return name.startswith("plugin/")


def project_name(folder: Path) -> str:
    """Return the name of a project in a folder: the folder's own, as far as Pulumi and PyPI take it."""
    words = re.sub(r"[^a-z0-9]+", "-", folder.absolute().name.lower()).strip("-")
    return words if words[:1].isalpha() else "tenants"


def _list_files() -> Iterator[tuple[str, Path]]:
    """Yield each file of a new project with the file it is copied from."""
    yield from _from_program(PROGRAM)
    for source in _list_below(_SAMPLE):
        name = source.relative_to(_SAMPLE).as_posix()
        yield _RENAMED.get(name, name), source


def _from_program(names: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    program = _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT
    for name in names:
        for source in _list_below(program / name):
            yield source.relative_to(program).as_posix(), source
    for source in _list_below(_WORKFLOWS):
        yield f".github/workflows/{source.name}", source


def _list_below(path: Path) -> Iterator[Path]:
    """Yield the files at and below a path; but what Python writes beside its sources."""
    found = path.rglob("*") if path.is_dir() else [path]
    yield from sorted(item for item in found if item.is_file() and "__pycache__" not in item.parts)


def _write(folder: Path, name: str, source: Path) -> str:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    target.write_text(_fill_in_names(text, name, project_name(folder)), encoding="utf-8")
    if is_executable(name):
        target.chmod(0o755)
    return name


def _fill_in_names(text: str, file: str, project: str) -> str:
    """Put the project's name, and the version of Tenantry that writes it, into the files that hold them."""
    if file == "Pulumi.yaml":
        return re.sub(r"(?m)^name: .*$", f"name: {project}", text, count=1)
    if file == "pyproject.toml":
        return text.replace("PROJECT", project).replace("VERSION", __version__) + sources_table()
    return text
