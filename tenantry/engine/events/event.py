"""What the engine reports while it runs, as values; the JSON behind them is Pulumi's apitype/events.go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantry.engine.events.changes import Change, read_changes, read_waiting
from tenantry.engine.events.urn import name_of
from tenantry.engine.events.warned import read_warning
from tenantry.model.recorded import GONE, TOKENS
from tenantry.text.redaction import redact

_COLOUR = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
# The SDK logs four or more of these for each resource; nobody reads them, so they are not decoded.
_DEBUG = '"severity":"debug"'


@dataclass(frozen=True)
class Steering:
    """What decides whether a step does anything in Twilio; see `ChildSpec` and `SubaccountSpec`."""

    frozen: bool = False
    """Its tenant is not active: it is left as it is."""
    released: bool = False
    """Its tenant was released: it is never made."""
    ending: bool = False
    """An account whose tenant is on its way out."""
    retained: bool = False
    """Deleting it leaves what it stands for as it is."""
    gone: bool = False
    """An account, or the state of one, that was closed or unknown in Twilio when it was last looked at."""


@dataclass(frozen=True)
class ResourceEvent:
    """Something about one resource. `id` is its id before the step, else after it, empty when there is none yet.

    `changes` of one that stays the `same` is what it would get, were its tenant active.
    """

    op: str
    urn: str
    type: str
    name: str
    id: str = ""
    changes: tuple[Change, ...] = ()
    steering: Steering = Steering()


@dataclass(frozen=True)
class ResourcePre(ResourceEvent):
    """A step begins; in a preview, a step is planned."""


@dataclass(frozen=True)
class ResourceOutputs(ResourceEvent):
    """A step is done; of a refresh (`op` is refresh), `changes` is what differs in the cloud."""

    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What a resource of ours has after the step, as the engine writes it: secrets masked, unknown values marked."""


@dataclass(frozen=True)
class ResourceFailed(ResourceEvent):
    """A step failed; the reason is in a Diagnostic with the same URN."""


@dataclass(frozen=True)
class Diagnostic:
    """A message; `severity` is info, info#err, warning or error, `urn` is empty when it is about no resource."""

    severity: str
    urn: str
    message: str


@dataclass(frozen=True)
class PolicyViolation:
    """A policy was violated; `level` is advisory, mandatory, remediate or disabled."""

    urn: str
    pack: str
    policy: str
    level: str
    message: str


@dataclass(frozen=True)
class Summary:
    """The end of a run: how many resources per operation, seconds, and the engine's own word for the result."""

    changes: Mapping[str, int] = field(default_factory=dict)
    seconds: int = 0
    result: str = ""


_Common = tuple[str, str, str, str, str, tuple[Change, ...], Steering]
"""The fields of `ResourceEvent`, in their order."""
Event = ResourcePre | ResourceOutputs | ResourceFailed | Diagnostic | PolicyViolation | Summary


def parse_event(line: str) -> Event | None:
    """Return the event of one line of `--event-log`; None for kinds that we don't use."""
    if _DEBUG in line and '"diagnosticEvent"' in line:
        return None
    content = json.loads(line)
    return next((read(content[key]) for key, read in _READERS.items() if key in content), None)


def same_events(resource: Mapping[str, Any]) -> tuple[ResourcePre, ResourceOutputs]:
    """Return what Pulumi reports of a resource that a run leaves alone, from its entry in the state."""
    common = _read_common({**resource, "op": "same", "old": resource, "new": resource})
    is_ours = resource["type"].startswith(TOKENS)
    return ResourcePre(*common), ResourceOutputs(*common, outputs=(resource.get("outputs") or {}) if is_ours else {})


def plain(message: str) -> str:
    """Return a message without Pulumi's colour tags, terminal codes, surrounding spaces and passwords of URLs."""
    return redact(_COLOUR.sub("", message)).strip()


def _make_reader(kind: type[ResourcePre | ResourceOutputs | ResourceFailed]) -> Callable[[Mapping[str, Any]], Event]:
    def read(content: Mapping[str, Any]) -> Event:
        metadata = content["metadata"]
        common = _read_common(metadata)
        if kind is not ResourceOutputs or not metadata["type"].startswith(TOKENS):
            return kind(*common)
        return ResourceOutputs(*common, outputs=(metadata.get("new") or {}).get("outputs") or {})

    return read


def _read_common(metadata: Mapping[str, Any]) -> _Common:
    op, urn, steering = metadata["op"], metadata["urn"], _read_steering(metadata)
    found = (metadata.get("old") or {}).get("id") or (metadata.get("new") or {}).get("id") or ""
    changes = read_waiting(metadata) if op == "same" and steering.frozen else read_changes(metadata)
    return op, urn, metadata["type"], name_of(urn), found, changes, steering


def _read_steering(metadata: Mapping[str, Any]) -> Steering:
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    inputs = (new or old).get("inputs") or {}
    return Steering(
        frozen=inputs.get("frozen") is True,
        released=inputs.get("released") is True,
        ending="ending" in inputs,
        retained=old.get("retainOnDelete") is True,
        gone=(old.get("outputs") or {}).get("status") in GONE,
    )


def _read_diagnostic(content: Mapping[str, Any]) -> Diagnostic:
    severity, message = content.get("severity", "info"), plain(content.get("message", ""))
    warning = read_warning(severity, message)
    return Diagnostic("warning" if warning else severity, content.get("urn", ""), warning or message)


def _read_policy(content: Mapping[str, Any]) -> PolicyViolation:
    return PolicyViolation(
        urn=content.get("resourceUrn", ""),
        pack=content.get("policyPackName", ""),
        policy=content.get("policyName", ""),
        level=content.get("enforcementLevel", ""),
        message=plain(content.get("message", "")),
    )


def _read_summary(content: Mapping[str, Any]) -> Summary:
    return Summary(content.get("resourceChanges") or {}, content.get("durationSeconds", 0), content.get("result", ""))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "resourcePreEvent": _make_reader(ResourcePre),
    "resOutputsEvent": _make_reader(ResourceOutputs),
    "resOpFailedEvent": _make_reader(ResourceFailed),
    "diagnosticEvent": _read_diagnostic,
    "policyEvent": _read_policy,
    "summaryEvent": _read_summary,
}
