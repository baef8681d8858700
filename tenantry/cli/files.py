"""Files that a command writes for a person, such as a statement for each customer."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

from tenantry.cli.stack import fail

ELSEWHERE = "Name another folder with --out."


def make_folder(folder: Path, undone: str) -> None:
    """Make a folder in which files can be written; else end the command, which says what was not done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fail(f"Can't write {folder}: {error.strerror}. {undone} {ELSEWHERE}")


def write_files(texts: Iterable[tuple[str, str]], folder: Path) -> list[Path]:
    """Write texts under their names and return the files; where one can't be written, end the command."""
    written: list[Path] = []
    try:
        for name, text in texts:
            (folder / name).write_text(text, encoding="utf-8", newline="")
            written.append(folder / name)
    except OSError as error:
        fail(f"Can't write {error.filename or folder}: {error.strerror}. {len(written)} files were. {ELSEWHERE}")
    return written
