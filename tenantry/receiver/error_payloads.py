"""Both forms in which Twilio sends an error, read into one: strict with what is kept, lenient with what is odd.

Event Streams sends CloudEvents, one or an array; the Console's own webhook sends a form whose `Payload` is JSON. An
event of another type is none of ours. What is genuine and can't be read is an error too: nothing is dropped unseen.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from tenantry.ledger.error_events import ErrorEvent, Level
from tenantry.text.masking import mask_secrets
from tenantry.text.personal import PERSONAL, redact_personal

CONSOLE_FIELDS = frozenset({"Level", "Payload"})
"""What a form of the Console's webhook about an error has, and one about a usage trigger has not."""
TYPE = "com.twilio.error-logs.error.logged"
UNREADABLE = "A notice of Twilio's about an error that could not be read"
IMPERSONAL = frozenset(
    {
        *("AccountSid", "ApiVersion", "CallSid", "CallStatus", "ConferenceSid", "Direction", "ErrorCode", "MessageSid"),
        *("MessageStatus", "MessagingServiceSid", "ParentCallSid", "SmsSid", "SmsStatus", "RecordingSid", "NumMedia"),
    }
)
"""Parameters of Twilio's requests that say nothing of a person; the values of all others are redacted."""
_LEVELS: Mapping[str, Level] = {"ERROR": "error", "WARNING": "warning", "WARN": "warning"}
_YEARS = range(2000, 2200)
"""An error of another year has a date that is wrong; it counts from when it came."""
_LONGEST = 500
_LARGEST = 8_000


@dataclass(frozen=True)
class Reader:
    """Whose errors are read, when, and whether personal fields are kept."""

    parent: str
    tenant: str
    """Its slug, or NO_TENANT."""
    account_sid: str
    now: datetime
    keeps_personal: bool = False

    def read_events(self, body: bytes) -> tuple[ErrorEvent, ...]:
        """Return the errors and warnings that Event Streams sent."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            return (self._unreadable(body),)
        events = found if isinstance(found, list) else [found]
        if not all(isinstance(event, dict) and isinstance(event.get("type"), str) for event in events):
            return (self._unreadable(body),)
        return tuple(self._read_logged(events, body))

    def read_form(self, form: Mapping[str, list[str]]) -> tuple[ErrorEvent, ...] | None:
        """Return the error of the Console's webhook; None where a form is about something else."""
        fields = {name: values[-1] for name, values in form.items()}
        if not fields.keys() >= CONSOLE_FIELDS:
            return None
        return tuple(self._read(fields["Level"], fields.get("Sid"), fields.get("Timestamp"), fields["Payload"], {}))

    def _read_logged(self, events: list[dict[str, Any]], body: bytes) -> Iterator[ErrorEvent]:
        for event in events:
            if event["type"] != TYPE:
                continue
            data = event.get("data")
            if not isinstance(data, dict):
                yield self._unreadable(body)
                continue
            happened = data.get("date_created") or event.get("time")
            sid = data.get("sid") or event.get("id")
            yield from self._read(data.get("level"), sid, happened, data.get("payload"), data)

    def _read(self, level: Any, sid: Any, happened: Any, payload: Any, data: Mapping[str, Any]) -> Iterator[ErrorEvent]:
        kept_level = _LEVELS.get(str(level).upper(), None if str(level).upper() in ("INFO", "NOTICE") else "error")
        if kept_level is None:
            return
        content = _parse_object(payload)
        info = _parse_object(content.get("more_info"))
        request = _parse_object(_parse_object(content.get("webhook")).get("request"))
        message = next((info[name] for name in ("Msg", "msg", "message") if isinstance(info.get(name), str)), "")
        yield ErrorEvent(
            parent=self.parent,
            tenant=self.tenant,
            account_sid=self.account_sid,
            identity=_text(sid) or _digest(json.dumps([happened, payload], default=str).encode()),
            level=kept_level,
            code=_code(content.get("error_code") or data.get("error_code") or info.get("ErrorCode")),
            message=self._redact(message) or "",
            product=_text(data.get("product_name")),
            resource_sid=_text(content.get("resource_sid")),
            method=_text(request.get("method")),
            url=self._redact(_mask(request.get("url"))),
            parameters=self._parameters(request.get("parameters")),
            happened_at=_instant(happened) or self.now,
        )

    def _unreadable(self, body: bytes) -> ErrorEvent:
        whose = (self.parent, self.tenant, self.account_sid)
        return ErrorEvent(*whose, _digest(body), "error", "", UNREADABLE, None, None, None, None, None, self.now)

    def _redact(self, text: Any) -> str | None:
        kept = _text(text)
        return kept if kept is None or self.keeps_personal else redact_personal(kept)

    def _parameters(self, parameters: Any) -> str | None:
        if isinstance(parameters, str):
            parameters = dict(parse_qsl(parameters, keep_blank_values=True))
        if not isinstance(parameters, dict) or not parameters:
            return None
        shown = {
            str(name)[:100]: value
            if self.keeps_personal or (name in IMPERSONAL and isinstance(value, str))
            else PERSONAL
            for name, value in parameters.items()
        }
        text = json.dumps(shown, sort_keys=True).replace("\\u0000", "")
        return text if len(text) <= _LARGEST else None


def _parse_object(value: Any) -> Mapping[str, Any]:
    """Return an object, which Twilio writes as JSON or as text that is JSON; an empty one for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    """Return a text as a column takes it: without NUL, and without half of a surrogate pair."""
    if not isinstance(value, str) or not value:
        return None
    return value[:_LONGEST].replace("\0", "").encode("utf-8", "replace").decode()


def _mask(url: Any) -> str | None:
    return mask_secrets(None, url)[1] if isinstance(url, str) else None


def _code(value: Any) -> str:
    text = str(value)
    return text if text.isascii() and text.isdecimal() and len(text) <= 6 else ""


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return instant.replace(tzinfo=instant.tzinfo or UTC) if instant.year in _YEARS else None
