"""Show an effective manifest: every value, with the file and line that it comes from."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from rich.cells import cell_len

from tenantry.manifest.load import Loaded
from tenantry.manifest.yaml.scalars import resolve
from tenantry.manifest.yaml.tree import Broken, Node, Path, walk
from tenantry.model.tenant import Tenant
from tenantry.text.colour import paint
from tenantry.text.json_text import json_text
from tenantry.text.printable import printable
from tenantry.text.wrapping import PLAIN, Layout

WIDEST = 72

_PLAIN = re.compile(r"(https?://)?[A-Za-z/_][A-Za-z0-9/_.@-]*( [A-Za-z0-9/_.@()-]+)*")
_BOOLEANS_ELSEWHERE = ("yes", "no", "on", "off", "y", "n")
"""Text for us, booleans for readers of YAML 1.1."""


def as_yaml(loaded: Loaded, slug: str, layout: Layout = PLAIN) -> str:
    """Return a tenant's manifest as YAML; a comment after each value has its file and line.

    A comment that does not fit in the row stands above its value: YAML can't be wrapped. If the tenant
    has no error, URLs are whole, permission sets are expanded, and defaults are included and named as such.
    """
    node, tenant = loaded.origins[slug], loaded.tenants.get(slug)
    rows = list(_list_rows(node, (), _dump(tenant), _list_defaults(tenant)))
    fitting = [cell_len(text) for text, comment in rows if comment and _fits(text, comment, layout)]
    column = max(fitting, default=0)
    return "\n".join(_write_row(text, comment, column, layout) for text, comment in rows)


def _write_row(text: str, comment: str | None, column: int, layout: Layout) -> str:
    if comment is None:
        return text
    remark = paint(f"# {comment}", "dim" if layout.coloured else None)
    if not _fits(text, comment, layout):
        return f"{' ' * (len(text) - len(text.lstrip()))}{remark}\n{text}"
    padded = f"{text:{column}}"
    return f"{padded if _fits(padded, comment, layout) else text}  {remark}"


def _fits(text: str, comment: str, layout: Layout) -> bool:
    return layout.width is None or cell_len(text) + len("  # ") + cell_len(comment) <= layout.width


def as_json(loaded: Loaded, slug: str) -> str:
    """Return a tenant's manifest as JSON, with the place of each value; a default has no place."""
    node, tenant = loaded.origins[slug], loaded.tenants.get(slug)
    effective = _dump(tenant)
    leaves = [
        (path, child)
        for path, child in walk(node)
        if path and not isinstance(path[-1], int) and (not isinstance(child.value, dict) or not child.value)
    ]
    values: list[dict[str, Any]] = [
        {"path": list(path), "value": _simplify(child, path, effective), **child.place._asdict()}
        for path, child in sorted(leaves, key=lambda leaf: _rank_key(str(leaf[0][0])))
    ]
    values += [
        {"path": list(path), "value": value, "file": None, "line": None, "column": None, "default": True}
        for path, value in _list_defaults(tenant).items()
    ]
    return json_text({"tenant": slug, "file": loaded.files[slug], "values": values})


def _list_defaults(tenant: Tenant | None) -> dict[Path, Any]:
    """Return the default values that have a meaning, by their path."""
    return dict(_defaults_of(tenant, ())) if tenant is not None else {}


def _defaults_of(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    match value:
        case BaseModel():
            for name in type(value).model_fields:
                child, below = getattr(value, name), (*path, name)
                if name in value.model_fields_set or isinstance(child, BaseModel):
                    yield from _defaults_of(child, below)
                elif child not in (None, (), {}):
                    yield below, child
        case dict():
            for name, child in value.items():
                yield from _defaults_of(child, (*path, name))


def scalar(value: object) -> str:
    """Write a scalar so that it reads back as the same value."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case str() as text if _is_plain(text) and text.lower() not in _BOOLEANS_ELSEWHERE:
            return text
        case _:
            return printable(json.dumps(value, ensure_ascii=False))


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and isinstance(resolve(text), str)


def _list_rows(
    node: Node, path: Path, effective: Any, defaults: Mapping[Path, Any]
) -> Iterator[tuple[str, str | None]]:
    """Yield each line, and the comment after it."""
    entries = node.value if isinstance(node.value, dict) else {}
    for key in sorted(entries, key=_rank_key) if not path else entries:
        child, below = entries[key], (*path, key)
        if isinstance(child.value, dict) and (child.value or any(default[:-1] == below for default in defaults)):
            yield _write_head(below), None
            yield from _list_rows(child, below, effective, defaults)
        else:
            yield from _write_leaf(
                _write_head(below), _simplify(child, below, effective), f"{child.place.file}:{child.place.line}"
            )
    for below, value in defaults.items():
        if below[:-1] == path:
            yield from _write_leaf(_write_head(below), value, "default")


def _write_head(path: Path) -> str:
    return f"{'  ' * (len(path) - 1)}{_write_key(str(path[-1]))}:"


def _write_key(key: str) -> str:
    return key if _is_plain(key) else printable(json.dumps(key))


def _write_leaf(head: str, value: Any, comment: str) -> Iterator[tuple[str, str | None]]:
    """Yield a value in one line, or a list that is too long for one in a line for each item."""
    line = f"{head} {_write_inline(value)}"
    if len(line) <= WIDEST or not isinstance(value, list | tuple):
        yield line, printable(comment)
        return
    yield head, printable(comment)
    indent = " " * (len(head) - len(head.lstrip()) + 2)
    for item in value:
        first, *rest = _write_items(item)
        yield f"{indent}- {first}", None
        yield from ((f"{indent}  {line}", None) for line in rest)


def _write_items(item: Any) -> list[str]:
    """Return an item of a list that has a line for each; a mapping has one for each of its keys."""
    if not isinstance(item, dict) or not item:
        return [_write_inline(item)]
    return [f"{_write_key(key)}: {_write_inline(value)}" for key, value in item.items()]


def _rank_key(key: str) -> int:
    known = list(Tenant.model_fields)
    return known.index(key) if key in known else len(known)


def _write_inline(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_write_inline, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_write_key(key)}: {_write_inline(child)}" for key, child in value.items()) + "}"
    return scalar(value)


def _simplify(node: Node, path: Path, effective: Any) -> Any:
    """Return a value of the model, where there is one; else as it was written."""
    for part in path:
        effective = effective.get(part) if isinstance(effective, dict) else None
    if isinstance(node.value, tuple):
        are_words = isinstance(effective, tuple) and all(isinstance(item, str) for item in effective)
        return effective if effective and are_words else [_simplify(item, (), None) for item in node.value]
    if isinstance(node.value, dict):
        return {key: _simplify(child, (), None) for key, child in node.value.items()}
    if node.value is Broken.VALUE:
        return "(can't be read)"
    return effective if isinstance(effective, str) and isinstance(node.value, str) else node.value


def _dump(tenant: Tenant | None) -> dict[str, Any]:
    return tenant.model_dump() if tenant is not None else {}
