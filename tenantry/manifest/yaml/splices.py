"""Edits of a YAML text that leave every other byte as it is: comments, order, quotes, indentation, line endings.

`ruamel.yaml` says where each value begins and ends, and only that part of the text is replaced. A file that was written
anew as a whole, as round trips do it, would show a reviewer lines that nobody meant to change.
"""

from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from tenantry.manifest.yaml.tree import Path
from tenantry.manifest.yaml.written_values import flow_text, write_block_entry


class UneditableError(Exception):
    """A path that can't be edited; the text says what stands there."""


@dataclass(frozen=True)
class SetValue:
    """Sets the value at a path; mappings that are not there yet are made."""

    path: Path
    value: Any


@dataclass(frozen=True)
class AppendValue:
    """Adds a value to the end of the list at a path; a list that is not there yet is made."""

    path: Path
    value: Any


@dataclass(frozen=True)
class RemoveValue:
    """Removes the key or the item at a path."""

    path: Path


Edit = SetValue | AppendValue | RemoveValue


@dataclass(frozen=True)
class _Entry:
    """A value in its container: `key` is the node of its key, None in a list."""

    container: Any
    index: int
    key: Any
    node: Any


@dataclass(frozen=True)
class _Found:
    """How far a path leads: the last value that is there, how it is held, and the parts that are not there."""

    node: Any
    entry: _Entry | None
    missing: Path


def splice(text: str, edit: Edit) -> str:
    """Return a text after an edit; raises UneditableError. The text must be one that our reader has accepted."""
    found = _find(YAML(typ="safe", pure=True).compose(text), edit.path)
    match edit:
        case SetValue(value=value):
            return _set(text, found, value)
        case AppendValue(value=value) if not found.missing and isinstance(found.node, SequenceNode):
            return _append(text, found.node, value)
        case AppendValue(value=value):
            if not found.missing and not _is_null(found.node):
                raise UneditableError("no list stands there")
            return _set(text, found, [value])
        case RemoveValue():
            if found.missing or found.entry is None:
                raise UneditableError("nothing stands there")
            return _remove(text, found.entry)


def _find(root: Any, path: Path) -> _Found:
    node, entry = root, None
    for depth, part in enumerate(path):
        below = next((child for child in _entries(node) if _name(child) == part), None)
        if below is None:
            return _Found(node, entry, path[depth:])
        node, entry = below.node, below
    return _Found(node, entry, ())


def _entries(node: Any) -> list[_Entry]:
    if isinstance(node, MappingNode):
        return [_Entry(node, index, key, value) for index, (key, value) in enumerate(node.value)]
    if isinstance(node, SequenceNode):
        return [_Entry(node, index, None, value) for index, value in enumerate(node.value)]
    return []


def _name(entry: _Entry) -> Any:
    return entry.index if entry.key is None else entry.key.value


def _set(text: str, found: _Found, value: Any) -> str:
    if any(isinstance(part, int) for part in found.missing):
        raise UneditableError("the list has no such item")
    if found.missing and isinstance(found.node, MappingNode):
        return _insert(text, found.node, str(found.missing[0]), _nest(found.missing[1:], value))
    if found.missing and not _is_null(found.node):
        raise UneditableError("a value stands there that is no mapping")
    if found.entry is None:
        raise UneditableError("the file as a whole can't be replaced")
    return _replace(text, found.entry, _nest(found.missing, value))


def _nest(parts: Path, value: Any) -> Any:
    for part in reversed(parts):
        value = {part: value}
    return value


def _insert(text: str, mapping: Any, key: str, value: Any) -> str:
    if mapping.flow_style:
        return _insert_in_flow(text, mapping, flow_text({key: value})[1:-1])
    column = mapping.value[0][0].start_mark.column
    line_break = _line_break(text)
    lines = write_block_entry(key, value, column)
    if column == 0 and isinstance(value, dict) and line_break * 2 in text:
        lines = ["", *lines]
    return _insert_lines(text, mapping, lines)


def _append(text: str, sequence: Any, value: Any) -> str:
    if sequence.flow_style:
        return _insert_in_flow(text, sequence, flow_text(value))
    return _insert_lines(text, sequence, [f"{' ' * sequence.start_mark.column}- {flow_text(value)}"])


def _insert_in_flow(text: str, collection: Any, written: str) -> str:
    entries = _entries(collection)
    end = _end(text, entries[-1].node) if entries else collection.start_mark.index + 1
    return f"{text[:end]}{', ' if entries else ''}{written}{text[end:]}"


def _insert_lines(text: str, collection: Any, lines: list[str]) -> str:
    """Insert lines below the last one of a block, where a comment may stand after the value."""
    end, line_break = _line_end(text, _end(text, collection)), _line_break(text)
    return text[:end] + "".join(line_break + line for line in lines) + text[end:]


def _replace(text: str, entry: _Entry, value: Any) -> str:
    node, end = entry.node, _end(text, entry.node)
    if not _is_block(node) or entry.key is None:
        return text[: node.start_mark.index] + flow_text(value) + text[end:]
    column = entry.key.start_mark.column
    colon = text.index(":", entry.key.end_mark.index) + 1
    first, *more = write_block_entry("", value, column)
    behind = text[colon : _line_end(text, colon)]
    comment = f"  {behind[behind.index('#') :]}" if "#" in behind else ""
    lines = [first.partition(":")[2] + comment, *more]
    return text[:colon] + _line_break(text).join(lines) + text[_line_end(text, end) :]


def _remove(text: str, entry: _Entry) -> str:
    container = entry.container
    entries = _entries(container)
    if len(entries) == 1:
        return _empty(text, container)
    if container.flow_style:
        return _remove_from_flow(text, entries, entry)
    start, end = _start(text, entry), _line_end(text, _end(text, entry.node))
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip(" "):
        end = min(end + len(_line_break(text)), len(text))
        return text[:line] + text[end:]
    return text[:start] + text[_start(text, entries[entry.index + 1]) :]  # `- a: 1`, the first key of an item


def _remove_from_flow(text: str, entries: list[_Entry], entry: _Entry) -> str:
    start = _start(text, entry)
    if entry.index + 1 < len(entries):
        return text[:start] + text[_start(text, entries[entry.index + 1]) :]
    before, end = _end(text, entries[entry.index - 1].node), _end(text, entry.node)
    return text[: start if "#" in text[before:start] else before] + text[end:]


def _empty(text: str, container: Any) -> str:
    """Return a text in which a collection holds nothing more; a block is written as `{}` or `[]` then."""
    empty = "{}" if isinstance(container, MappingNode) else "[]"
    start, end = container.start_mark.index, _end(text, container)
    if container.flow_style:
        return text[:start] + empty + text[end:]
    before = text[:start].rstrip()
    gap = text[len(before) : start]
    is_below_its_key = "\n" in gap and before.endswith(":")
    return (f"{before} " if is_below_its_key else text[:start]) + empty + text[_line_end(text, end) :]


def _start(text: str, entry: _Entry) -> int:
    """Return where an entry begins; an item of a block list begins with its dash."""
    if entry.key is not None:
        return int(entry.key.start_mark.index)
    start = int(entry.node.start_mark.index)
    return start if entry.container.flow_style else text.rindex("-", 0, start)


def _end(text: str, node: Any) -> int:
    """Return where a value ends; the parser's own mark of a block is behind the comments after it."""
    if not _is_block(node):
        return int(node.end_mark.index)
    if isinstance(node, ScalarNode):
        end = int(node.end_mark.index)
        return end - len(_line_break(text)) if text[:end].endswith("\n") else end
    return _end(text, _entries(node)[-1].node)


def _is_block(node: Any) -> bool:
    if isinstance(node, ScalarNode):
        return node.style in ("|", ">")
    return not node.flow_style


def _is_null(node: Any) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value in ("null", "Null", "NULL", "~")


def _line_end(text: str, offset: int) -> int:
    """Return where the line of an offset ends, before its line break."""
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if text[offset:end].endswith("\r") else end


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
