"""What differs in one resource, property by property, with secrets left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tenantry.model.recorded import TOKENS, WAITING

SECRET = "[secret]"  # noqa: S105

# The mark of a special value in Pulumi's wire format, and the kind that says secret (pulumi.runtime.rpc).
_MARK = "4dabf18193072939515e22adb298388d"
_IS_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
# What the engine writes for a value that is known only after `up` (sdk/go/common/resource/plugin, rpc.go).
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_NAME = re.compile(r"[^.\[\]\"]+")
_PATH_PART = re.compile(r'\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]|([^.\[\]]+)')

# A provider of ours saves as outputs what Twilio has. Its inputs may be ahead of that: while a tenant rests, the engine
# saves new inputs though nothing is changed.
_TELLS_BY_OUTPUTS = TOKENS

Kind = Literal["add", "update", "delete"]


@dataclass(frozen=True)
class Change:
    """One property: `path` as Pulumi writes it (`policy.allow[0]`), and whether its change forces a replacement."""

    path: str
    kind: Kind
    old: Any
    new: Any
    replaces: bool = False


class Unknown:
    """A value that is known only after `up`."""

    def __repr__(self) -> str:
        return "(known after up)"


UNKNOWN = Unknown()


def read_changes(metadata: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the changes of one step, by path; `metadata` is the engine's step event as JSON."""
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    if not old or not new:
        return tuple(_compare(old.get("inputs") or {}, new.get("inputs") or {}, frozenset()))
    detailed = metadata.get("detailedDiff")
    if detailed:
        return tuple(_read_change(path, entry, old, new) for path, entry in sorted(detailed.items()) if _is_shown(path))
    if metadata.get("op") == "refresh":
        # Our runs have the engine ask no provider how what it read differs from the state.
        inputs = (
            () if _tells_by_outputs(metadata) else changes_between(old.get("inputs") or {}, new.get("inputs") or {})
        )
        return inputs or changes_between(_select_outputs(old, new), _select_outputs(new, old))
    if metadata.get("op") == "same" and not metadata.get("diffs"):
        return ()
    return tuple(_compare(_find_before(metadata), new.get("inputs") or {}, frozenset(metadata.get("keys") or ())))


def read_waiting(metadata: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what would change in a resource if its tenant were active."""
    return tuple(_compare(_find_before(metadata), (metadata.get("new") or {}).get("inputs") or {}, frozenset()))


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the changes from one property bag to another; mappings are compared key by key."""
    return tuple(_compare(old, new, frozenset()))


def is_secret(value: Any) -> bool:
    """Return whether a value is Pulumi's wrapping of a secret, in plain text or not."""
    return isinstance(value, Mapping) and value.get(_MARK) == _IS_SECRET


def holds_secret(value: Any) -> bool:
    """Return whether a value is a secret, or one of its parts is."""
    if isinstance(value, Mapping):
        return is_secret(value) or any(map(holds_secret, value.values()))
    return isinstance(value, list) and any(map(holds_secret, value))


def holds_unknown(value: Any) -> bool:
    """Return whether a value is known only after `up`, or one of its parts is."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    return any(map(holds_unknown, value)) if isinstance(value, list) else value == _UNKNOWN


def mask(value: Any) -> Any:
    """Return a value as it may be shown: secrets masked, unknown values named, Pulumi's own keys left out."""
    if isinstance(value, Mapping):
        if is_secret(value):
            return SECRET
        return {key: mask(item) for key, item in value.items() if _is_shown(key)}
    if isinstance(value, list):
        return [mask(item) for item in value]
    return UNKNOWN if value == _UNKNOWN else value


def _read_change(path: str, entry: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    kind, _, replaces = str(entry.get("diffKind", "update")).partition("-")
    before = old.get("inputs" if entry.get("inputDiff") else "outputs") or {}
    after = new.get("inputs") or {}
    known: Kind = "add" if kind == "add" else "delete" if kind == "delete" else "update"
    return Change(path, known, mask(_find_at(before, path)), mask(_find_at(after, path)), replaces == "replace")


def _find_before(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties that a resource has before the step."""
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    if str(old.get("id")).startswith(WAITING):
        return {}
    inputs, outputs = old.get("inputs") or {}, old.get("outputs") or {}
    if not _tells_by_outputs(metadata):
        return inputs
    return {key: outputs[key] for key in inputs.keys() | (new.get("inputs") or {}).keys() if key in outputs}


def _tells_by_outputs(metadata: Mapping[str, Any]) -> bool:
    return str(metadata.get("type")).startswith(_TELLS_BY_OUTPUTS)


def _select_outputs(state: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the result of a read: the inputs as Twilio has them, and an account's status if it was known before."""
    outputs, other_outputs = state.get("outputs") or {}, other.get("outputs") or {}
    names = {*(state.get("inputs") or {}), *(("status",) if "status" in other_outputs else ())}
    return {key: outputs[key] for key in names if key in outputs}


def _compare(
    old: Mapping[str, Any], new: Mapping[str, Any], replacing: frozenset[str], below: str = "", *, forced: bool = False
) -> Iterator[Change]:
    """Yield the changes of two bags; mappings on both sides are compared key by key, below their path."""
    for key in sorted(filter(_is_shown, old.keys() | new.keys())):
        before, after = old.get(key), new.get(key)
        if key in old and key in new and before == after:
            continue
        path, replaces = _join_path(below, key), forced or key in replacing
        if isinstance(before, Mapping) and isinstance(after, Mapping) and _MARK not in {**before, **after}:
            yield from _compare(before, after, frozenset(), path, forced=replaces)
            continue
        kind: Kind = "update" if key in old and key in new else "add" if key in new else "delete"
        yield Change(path, kind, mask(before), mask(after), replaces)


def _join_path(below: str, key: str) -> str:
    """Write a path as Pulumi does."""
    name = key if _NAME.fullmatch(key) else f"[{json.dumps(key)}]"
    return f"{below}.{name}" if below and not name.startswith("[") else f"{below}{name}"


def _is_shown(path: str) -> bool:
    return not path.startswith("__")


def _find_at(value: Any, path: str) -> Any:
    for quoted, index, name in _PATH_PART.findall(path):
        # A secret container hides all that is inside it.
        if is_secret(value):
            return value
        if index and isinstance(value, list):
            value = value[int(index)] if int(index) < len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(quoted or name or index)
        else:
            return None
    return value
