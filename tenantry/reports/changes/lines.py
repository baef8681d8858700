"""Changes in words: the same for a terminal and for a comment."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenantry.model.recorded import TOKENS
from tenantry.operations.changes.danger import Danger
from tenantry.operations.changes.values import ChangedField, Message, Op, ResourceChange
from tenantry.text.plain import plain
from tenantry.text.some import and_more, first_of

TO_DO: Mapping[Op, str] = {
    "create": "to create",
    "adopt": "to take over",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "finish": "to delete that were replaced before",
    "import": "to import",
    "forget": "to forget (untouched in Twilio)",
    "wait": "to wait (tenant not active)",
}
DONE: Mapping[Op, str] = {
    "create": "created",
    "adopt": "taken over",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "finish": "deleted that were replaced before",
    "import": "imported",
    "forget": "forgotten (untouched in Twilio)",
    "wait": "waiting (tenant not active)",
}
NAMED = 10
"""Only so many names are shown where the others can't be folded."""
VALUE_LENGTH = 300
"""Characters of a value that are shown; a longer one loses its middle. JSON has it whole."""
FIELDS = 40
"""Properties of a resource that are shown; the fleet has one for each tenant."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
NO_TENANT = "(the whole stack)"
_IMPLIED = frozenset({"friendly_name", "description", "sink_type", "types", "standing"})
"""Properties that go without saying when a resource is made: its name says them."""


def counted_ops(counts: Mapping[Op, int], words: Mapping[Op, str]) -> str:
    """Return how often each operation is, in the order of the words; empty if there is none."""
    return ", ".join(f"{counts[op]:,} {word}" for op, word in words.items() if op in counts)


def many(number: int, noun: str) -> str:
    """Return a number with its noun: `1 tenant`, `1,000 tenants`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def danger_name(danger: Danger) -> str:
    """Return a danger as people say it."""
    return danger.replace("_", " ")


def resource_name(change: ResourceChange) -> str:
    """Return what a resource is called; of a project's own with its type, which its name does not say."""
    ours = change.type.startswith(TOKENS)
    return plain(change.resource if ours else f"{change.resource} ({change.type})")


def fields_told(change: ResourceChange) -> tuple[ChangedField, ...]:
    """Return the properties that reports show."""
    return _fields(change)[:FIELDS]


def remark_on(change: ResourceChange) -> str:
    """Return a remark on a resource that is taken over as it is; empty for all others."""
    return ": nothing about it changes" if change.op == "adopt" and not change.fields else ""


def fields_left(change: ResourceChange) -> tuple[str, ...]:
    """Return a line that says how many more properties there are, if there are more."""
    more = and_more(len(_fields(change)) - FIELDS, "properties").lstrip()
    return (f"{more}; --format json has all",) if more else ()


def value_text(value: Any) -> str:
    """Return a value as people read it."""
    text = plain(_as_text(value))
    half = VALUE_LENGTH // 2
    return text if len(text) <= VALUE_LENGTH else f"{text[:half]}…{text[-half:]}"


def _as_text(value: Any) -> str:
    """Return a value as JSON writes it, but numbers that are kept as text without quotes."""
    match value:
        case dict():
            pairs = (f"{json.dumps(key, ensure_ascii=False)}: {_as_text(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return f"[{', '.join(map(_as_text, value))}]"
        case _:
            return str(value) if is_number(value) else json.dumps(value, ensure_ascii=False)


def is_number(value: Any) -> bool:
    """Return whether a value is a number that Pulumi or Twilio keep as text, to be exact."""
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def some(names: Sequence[str]) -> str:
    """Name the first of many."""
    return first_of([plain(name) for name in names], NAMED)


def message_lines(message: Message) -> Iterator[str]:
    """Yield the lines of a message, what it is about in the first; ours are one line, those of others often more."""
    what = f"policy {message.policy} ({message.severity})" if message.policy else message.severity
    about = f"{some(message.resources)}: " if message.resources else ""
    yield from (plain(line) for line in f"{what}: {about}{message.text}".expandtabs().splitlines())


def forces(field: ChangedField) -> str:
    """Return a remark for a property whose change makes another object."""
    return "  (makes a new one)" if field.replaces else ""


def items_of(field: ChangedField) -> tuple[tuple[str, Any], ...]:
    """Return what leaves (-) and joins (+) a list; nothing if the field is no list, or only its order changes."""
    old, new = field.old, field.new
    if not (isinstance(old, list) and isinstance(new, list)):
        return ()
    return (*(("-", item) for item in old if item not in new), *(("+", item) for item in new if item not in old))


def _fields(change: ResourceChange) -> tuple[ChangedField, ...]:
    is_made = change.op in ("create", "wait") and change.resource != "subaccount"
    return tuple(field for field in change.fields if not (is_made and field.change == "add" and field.path in _IMPLIED))
