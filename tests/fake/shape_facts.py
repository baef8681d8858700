"""What Twilio's OpenAPI says of each operation, and where it is known to be wrong."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "facts" / "openapi.json"  # made by tools/twilio_facts
Fact = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """A field that Twilio's OpenAPI describes otherwise than Twilio answers it; `objects` is a shell pattern."""

    objects: str
    field: str
    change: Fact
    source: str


def _corrections(objects: tuple[str, ...], names: tuple[str, ...], change: Fact, source: str) -> tuple[Correction, ...]:
    return tuple(Correction(item, name, change, source) for item in objects for name in names)


CORRECTIONS = (
    *_corrections(
        ("*key*",),
        ("friendly_name",),
        {"null_shown": True},
        "github.com/wittyreference/twilio-claude-plugin, skills/iam, live test 17: a key without a name has null",
    ),
    *_corrections(
        ("api.v2010.account.usage.usage_record*", "api.v2010.account.call.call_recording", "api.v2010.*transcription"),
        ("price",),
        {"type": "string"},
        "all examples in the same OpenAPI file are strings",
    ),
    *_corrections(
        ("api.v2010.account.usage.usage_trigger",),
        ("recurring",),
        {"nullable": True, "null_shown": True},
        "twilio.com/docs/usage/api/usage-trigger: the sample of a trigger that does not recur has null",
    ),
    *_corrections(
        ("api.v2010.account.recording",),
        ("conference_sid", "encryption_details", "price"),
        {"null_shown": True},
        "examples of a call's recordings in the same OpenAPI file have null",
    ),
    *_corrections(
        ("api.v2010.account.message",),
        ("messaging_service_sid",),
        {"null_shown": True},
        "answers that people quote publicly have null where no service was used",
    ),
    *_corrections(
        ("api.v2010.account.incoming_phone_number",),
        ("address_sid", "bundle_sid", "emergency_address_sid", "identity_sid"),
        {"null_shown": True},
        "answers that people quote publicly have null where nothing was set",
    ),
    *_corrections(
        ("monitor.v1.event*",),
        ("actor_sid",),
        {"pattern": "^(AC|US)[0-9a-fA-F]{32}$"},
        "the field's own description in the same OpenAPI file: a user's or an account's SID",
    ),
    *_corrections(
        ("monitor.v1.event*",),
        ("event_data",),
        {"null_shown": True},
        "no source: the schema calls it nullable, and the only examples are of a change",
    ),
)


@cache
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def facts_of(host: str, operation: str) -> Fact | None:
    """The facts of `GET /v1/Sinks/{Sid}`, however its path spells the names; None where Twilio publishes none."""
    return _by_shape().get((host, nameless(operation)))


def fields_of(name: str) -> dict[str, Fact]:
    """The fields of an object, corrected."""
    fields: dict[str, Fact] = dict(facts()["objects"][name])
    for correction in CORRECTIONS:
        if fnmatchcase(name, correction.objects):
            fields[correction.field] = fields[correction.field] | correction.change
    return fields


def nameless(operation: str) -> str:
    """An operation whose path has no names, so that two spellings of one path are equal."""
    return re.sub(r"\{\w+\}", "{}", operation)


@cache
def _by_shape() -> dict[tuple[str, str], Fact]:
    return {
        (host, nameless(name)): fact
        for host, operations in facts()["operations"].items()
        for name, fact in operations.items()
    }
