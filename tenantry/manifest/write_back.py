"""Write values back into people's files: the only code that edits them.

All that an edit does not name stays as it is, byte for byte. A file is written whole or not at all, and only if it
still is the one that was read. Before that, our own reader must find exactly the intended data in the new text.
"""

import copy
import os
import pathlib
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenantry.manifest.effective import scalar
from tenantry.manifest.files import file_name
from tenantry.manifest.problem import format_path
from tenantry.manifest.yaml.reader import parse, read
from tenantry.manifest.yaml.splices import AppendValue, Edit, RemoveValue, SetValue, UneditableError, splice
from tenantry.manifest.yaml.tree import Path, entries_of, plain

__all__ = ("AppendValue", "Edit", "FileText", "RemoveValue", "SetValue", "WriteBackError", "read_file")

NOTHING = "Nothing was written."
BY_HAND = "Edit the file by hand."
_MARK = "\ufeff"


class WriteBackError(Exception):
    """A file that can't be edited; the text says which, why, and what to do."""


@dataclass(frozen=True)
class FileText:
    """A file as it was read, and its text as it is to be.

    `read_file(root, path).edit([SetValue(("api_keys", "web", "generations"), [1, 2])]).write()`
    """

    path: pathlib.Path
    name: str
    """What problems call it: its path in the project."""
    found: bytes
    """What the file held when it was read."""
    text: str

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return self.text.encode() != self.found

    def edit(self, edits: Iterable[Edit]) -> "FileText":
        """Return it after some edits, one after the other; raises WriteBackError, and then none of them is made."""
        mark = _MARK if self.text.startswith(_MARK) else ""
        text, data = self.text.removeprefix(mark), _read_data(self.text.removeprefix(mark), self.name)
        for edit in edits:
            try:
                text = splice(text, edit)
                data = _apply(data, edit)
            except UneditableError as error:
                path = format_path(edit.path) or "the file"
                raise WriteBackError(f"{self.name}: {path} can't be edited: {error}. {NOTHING} {BY_HAND}") from None
        if _read_data(text, self.name) != data:
            raise WriteBackError(f"{self.name} is written in a way that can't be edited safely. {NOTHING} {BY_HAND}")
        return FileText(self.path, self.name, self.found, mark + text)

    def add_entries(self, entries: Mapping[str, str]) -> "FileText":
        """Return it with entries behind its last one; raises WriteBackError.

        There may be thousands, and `edit` reads the whole file for each: so they go in at once, where that is safe.
        """
        text = self.text.removeprefix(_MARK)
        added = _insert_entries(text, self.name, entries)
        if added is None:
            return self.edit(SetValue((key,), value) for key, value in entries.items())
        return FileText(self.path, self.name, self.found, self.text.removesuffix(text) + added)

    def write(self) -> None:
        """Put the text into the file, which keeps its mode; raises WriteBackError where the file has changed."""
        if not self.is_changed:
            return
        try:
            self._replace()
        except OSError as error:
            sentence = (
                f"{self.name} can't be written: {error.strerror}. {NOTHING} Correct its permissions, or the disk."
            )
            raise WriteBackError(sentence) from None

    def _replace(self) -> None:
        unfinished = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        mode = stat.S_IMODE(self.path.stat().st_mode)
        with unfinished.open("xb") as file:
            try:
                os.fchmod(file.fileno(), mode)
                file.write(self.text.encode())
                file.flush()
                os.fsync(file.fileno())
                self._refuse_changed()
                unfinished.replace(self.path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    def _refuse_changed(self) -> None:
        if self.path.read_bytes() != self.found:
            raise WriteBackError(f"{self.name} was changed by somebody else meanwhile. {NOTHING} Run again.")


def read_file(root: pathlib.Path, path: pathlib.Path) -> FileText:
    """Read a file of the project in `root` to edit it; raises WriteBackError where our reader finds a mistake in it."""
    source = read(root, path)
    if source.node is None or source.problems:
        raise WriteBackError("\n".join([*map(str, source.problems), f"{NOTHING} Put that right, and run again."]))
    found = path.read_bytes()
    return FileText(path, file_name(root, path), found, found.decode())


def _insert_entries(text: str, name: str, entries: Mapping[str, str]) -> str | None:
    """Return a text with entries behind the last one of a mapping in block style; None where it is no such thing."""
    node, data = parse(text, name).node, _read_data(text, name)
    own = entries_of(node)
    if not own:
        return None
    lines = text.split("\n")
    last = max(child.place.line for child in own.values())
    end = "\r" if lines[last - 1].endswith("\r") else ""
    rows = [f"{scalar(key)}: {scalar(value)}{end}" for key, value in entries.items()]
    added = "\n".join([*lines[:last], *rows, *lines[last:]])
    added = added if added.endswith("\n") else f"{added}\n"
    source = parse(added, name)
    is_right = source.node is not None and not source.problems and plain(source.node) == {**data, **entries}
    return added if is_right else None


def _read_data(text: str, name: str) -> Any:
    source = parse(text, name)
    if source.node is None or source.problems:
        raise WriteBackError("\n".join([*map(str, source.problems), f"{NOTHING} {BY_HAND}"]))
    return plain(source.node)


def _apply(data: Any, edit: Edit) -> Any:
    """Return plain data after an edit; the splice has found that its path can be edited."""
    changed = copy.deepcopy(data)
    match edit:
        case SetValue(path, value):
            _put(changed, path, value)
        case AppendValue(path, value):
            _put(changed, path, [*(_get(changed, path) or []), value])
        case RemoveValue(path):
            del _get(changed, path[:-1])[path[-1]]
    return changed


def _get(data: Any, path: Path) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None if data is None else data[part]
    return data


def _put(data: Any, path: Path, value: Any) -> None:
    for part in path[:-1]:
        if isinstance(data, dict) and data.get(part) is None:
            data[part] = {}
        data = data[part]
    data[path[-1]] = _as_read(value)


def _as_read(value: Any) -> Any:
    """Return data as the reader returns it: lists, never tuples."""
    match value:
        case dict():
            return {str(key): _as_read(child) for key, child in value.items()}
        case list() | tuple():
            return [_as_read(item) for item in value]
        case _:
            return value
