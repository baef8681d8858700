"""Read one YAML file into a tree with places: a small, safe part of YAML 1.2, at the speed of libyaml.

Events are read instead of nodes, so that anchors are refused before an alias is expanded, depth is limited, and each
problem has a place. Reading goes on after a problem where possible, to report all problems of a file at once.
"""

import os
import pathlib
import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from tenantry.manifest.files import LINK, OUTSIDE, file_name, is_link, leads_out
from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.yaml.scalars import UnreadableScalarError, resolve
from tenantry.manifest.yaml.tree import Broken, Node, Path, Scalar

SIZE_LIMIT = 1024 * 1024
DEPTH_LIMIT = 20
VALUES_LIMIT = 10_000
TAG_SHOWN = 80
TEXT_LIMIT = 4096  # characters of a key or a value: what can be shown, logged and sent

_TURNS = "which turns the direction of the text around it; remove it"
_INSTEAD = "put a manifest in its place, or remove it"
_NO_KEY = ""
# Embeddings, overrides and isolates make a reviewer see another text (CVE-2021-42574, trojan source).
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LOADER: Callable[[str], Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Source:
    """A file that was read: its tree, None where it is unusable, and its problems."""

    file: str
    node: Node | None
    problems: tuple[Problem, ...]


Reader = Callable[[pathlib.Path, pathlib.Path], Source]


def read(root: pathlib.Path, path: pathlib.Path) -> Source:
    """Read a file of the project in `root`; a file outside of it, even behind a link, is refused."""
    file = file_name(root, path)
    try:
        data = _read_at_once(root, path, file)
        text = _decode(_read_or_refuse(root, path) if data is None else data)
    except _RefusedFileError as refused:
        return Source(file, None, (Problem.at(Place(file, *refused.position), "", str(refused)),))
    return parse(text, file)


def parse(text: str, file: str) -> Source:
    """Read the text of a file."""
    if turned := _TURNED.search(text):
        place, sign = _place_of_offset(text, turned.start(), file), ord(turned[0])
        return Source(file, None, (Problem.at(place, "", f"holds U+{sign:04X}, {_TURNS}"),))
    parser = _Parser(file)
    try:
        node = parser.document(_LOADER(text))
    except yaml.MarkedYAMLError as error:
        node = None
        parser.problems.append(_make_syntax_problem(error, file))
    except yaml.reader.ReaderError as error:
        node = None
        place = _place_of_offset(text, int(error.position), file)
        parser.problems.append(Problem.at(place, "", f"not a manifest in YAML: {error.reason}"))
    return Source(file, node, tuple(sorted(parser.problems)))


class _RefusedFileError(Exception):
    def __init__(self, sentence: str, position: tuple[int, int] = (1, 1)) -> None:
        super().__init__(sentence)
        self.position = position


def _read_at_once(root: pathlib.Path, path: pathlib.Path, file: str) -> bytes | None:
    """Return the contents of what is nothing but a file, as nearly all are; None where one has to look closer."""
    if ".." in file or is_link(root, path.parent):
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.read(handle, SIZE_LIMIT + 1) if stat.S_ISREG(os.fstat(handle).st_mode) else None
    except OSError:
        return None
    finally:
        os.close(handle)
    return data if data is not None and len(data) <= SIZE_LIMIT else None


def _read_or_refuse(root: pathlib.Path, path: pathlib.Path) -> bytes:
    if leads_out(root, path):
        raise _RefusedFileError(OUTSIDE)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _RefusedFileError(f"is not a file; {_INSTEAD}")
        if is_link(root, path):
            raise _RefusedFileError(LINK)
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        advice = "correct its permissions" if isinstance(error, PermissionError) else _INSTEAD
        raise _RefusedFileError(f"can't be read: {error.strerror}; {advice}") from None
    if len(data) > SIZE_LIMIT:
        raise _RefusedFileError("is larger than 1 MiB, which no manifest is; not read")
    return data


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _RefusedFileError("is not UTF-8 text; save it as UTF-8", position) from None


def _make_syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    context = f" ({error.context})" if error.context else ""
    return Problem.at(place, "", f"not a manifest in YAML: {error.problem}{context}")


def _place_of_offset(text: str, offset: int, file: str) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, offset - before.rfind("\n"))


@dataclass
class _Parser:
    """Builds a tree from the events of one document."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    values: int = 0
    depth: int = 0
    """Open mappings and lists, including those in the place of a key."""

    def document(self, loader: Any) -> Node | None:
        self._next: Callable[[], Any] = loader.get_event
        event = self._skip_to(DocumentStartEvent, StreamEndEvent)
        if isinstance(event, StreamEndEvent):
            self._report(
                Place(self.file), (), "the file is empty; write a mapping such as 'tenant: acme', or remove it"
            )
            return None
        first = self._next()
        node = self._read_node(first, self._place(first), ())
        self._require_one_document()
        if not isinstance(node.value, dict | Broken):
            self._report(node.place, (), "must be a mapping of keys to values, such as 'tenant: acme'")
        return node if isinstance(node.value, dict) else None

    def _require_one_document(self) -> None:
        event = self._skip_to(DocumentStartEvent, StreamEndEvent)
        if isinstance(event, DocumentStartEvent):
            self._report(self._place(event), (), "a second YAML document; write one manifest a file")
            self._skip_to(StreamEndEvent)

    def _skip_to(self, *kinds: type[yaml.events.Event]) -> Any:
        while not isinstance(event := self._next(), kinds):
            pass
        return event

    def _read_node(self, event: Any, key: Place, path: Path) -> Node:
        place = self._place(event)
        self._refuse_extras(event, place, path)
        self._check_bound(event)
        match event:
            case AliasEvent():
                return Node(Broken.VALUE, place, key)
            case ScalarEvent():
                return Node(self._read_scalar(event, key, path), place, key, event.value)
            case _:
                self.depth += 1
                inside = (
                    self._read_sequence(path) if isinstance(event, SequenceStartEvent) else self._read_mapping(path)
                )
                self.depth -= 1
                return Node(inside, place, key)

    def _check_bound(self, event: Any) -> None:
        self.values += 1
        if self.depth > DEPTH_LIMIT:
            raise yaml.MarkedYAMLError(
                problem=f"nested deeper than {DEPTH_LIMIT} levels", problem_mark=event.start_mark
            )
        if self.values > VALUES_LIMIT:
            raise yaml.MarkedYAMLError(problem=f"more than {VALUES_LIMIT} values", problem_mark=event.start_mark)

    def _refuse_extras(self, event: Any, place: Place, path: Path) -> None:
        if event.anchor is not None:
            sentence = "anchors and aliases (& and *) are not supported; write the value out, or move it to a layer"
            self._report(place, path, sentence)
        elif getattr(event, "tag", None) is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")[:TAG_SHOWN]
            self._report(place, path, f"tags such as {tag} are not supported; remove it")

    def _read_scalar(self, event: Any, key: Place, path: Path) -> Scalar:
        try:
            _refuse_length(event.value)
            return _read_quoted(event) if event.style else resolve(event.value)
        except UnreadableScalarError as error:
            self._report(self._place(event) if event.value else key, path, str(error))
            return Broken.VALUE

    def _read_sequence(self, path: Path) -> tuple[Node, ...]:
        items: list[Node] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            items.append(self._read_node(event, self._place(event), (*path, len(items))))
        return tuple(items)

    def _read_mapping(self, path: Path) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key, place = self._read_key(event, path), self._place(event)
            value = self._read_node(self._next(), place, (*path, key))
            if key in entries:
                self._report(place, (*path, key), f"this key is repeated; the first is in line {entries[key].key.line}")
            else:
                entries[key] = value
        entries.pop(_NO_KEY, None)
        return entries

    def _read_key(self, event: Any, path: Path) -> str:
        if isinstance(event, ScalarEvent) and 0 < len(event.value) <= TEXT_LIMIT:
            self._refuse_extras(event, self._place(event), (*path, event.value))
            return str(event.value)
        self._report(
            self._place(event), path, f"a key must be plain text, not empty, and {TEXT_LIMIT} characters at most"
        )
        if not isinstance(event, ScalarEvent):
            self._read_node(event, self._place(event), path)
        return _NO_KEY

    def _report(self, place: Place, path: Path, message: str) -> None:
        self.problems.append(Problem.at(place, format_path(path), message))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)


def _refuse_length(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise UnreadableScalarError(f"has {len(text)} characters; {TEXT_LIMIT} at most are allowed in any value")


def _read_quoted(event: Any) -> str:
    """Return quoted text; only double quotes have escapes, and only these can hold a control character."""
    if event.style == '"' and any(sign not in "\n\t" and unicodedata.category(sign) == "Cc" for sign in event.value):
        raise UnreadableScalarError("holds a control character, which can steer a terminal; remove the escape")
    if turned := _TURNED.search(event.value):
        raise UnreadableScalarError(f"holds U+{ord(turned[0]):04X}, {_TURNS}")
    return str(event.value)
