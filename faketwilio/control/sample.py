"""What a seeded record looks like where nobody says how it shall."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from faketwilio.hosts.api.records import Conference, Media, Message, Notification, PhoneCall, Recording, Transcription
from faketwilio.store.archive import Kind
from faketwilio.store.records import Owned
from faketwilio.wire.dates import SECOND

R = TypeVar("R", bound=Owned)
Values = dict[str, Any]
MOST = 1000  # different records in one order
LENGTH = 60  # seconds of a call, a recording and its transcription
NEVER_SENT = frozenset({"accepted", "scheduled", "queued", "sending", "failed", "canceled", "receiving"})
NEVER_STARTED = frozenset({"queued", "ringing", "busy", "failed", "no-answer", "canceled"})
SENDER, RECEIVER = "+15005550006", "+14155550100"


def make_samples(kind: Kind[R], values: Mapping[str, Any], now: datetime) -> list[R]:
    """The different records that such values make, in turn; raises ValueError for a field or a value there is not."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    if not all(lists.values()) or (size := math.lcm(*(len(values) for values in lists.values()))) > MOST:
        raise ValueError(f"lists among the fields hold values, and make at most {MOST} different records")
    rows = [{name: values[turn % len(values)] for name, values in lists.items()} for turn in range(size)]
    return [_record(kind, row, now) for row in rows]


def read_fields(kind: Kind[Any], given: Mapping[str, Any]) -> Values:
    """Values of JSON as fields have them, `from` being one; raises ValueError for a field or a value there is not."""
    named = {"from_" if name == "from" else name: value for name, value in given.items()}
    if unknown := set(named) - set(kind.columns):
        raise ValueError(f"no {', '.join(sorted(unknown))} to set; there are {', '.join(sorted(kind.columns))}")
    return {name: _read_value(kind, name, value) for name, value in named.items()}


def moment_of(text: str) -> datetime:
    """The moment that a date of an order means, GMT unless it says else; raises ValueError for none, or a far one."""
    moment = datetime.fromisoformat(text)
    if not 1970 < moment.year < 5000:
        raise ValueError(f"a seed's dates are from 1971 to 4999, not {text!r}")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _record(kind: Kind[R], given: Values, now: datetime) -> R:
    values = read_fields(kind, given)
    known = (values.get(name) for name in ("date_created", *kind.moments) if name != "due")
    created = next((moment for moment in known if moment is not None), now)
    common = {"sid": "", "account_sid": "", "date_created": created, "date_updated": created}
    build: Callable[..., R] = kind.record
    try:
        return build(**(common | DEFAULTS[kind.record](values, created) | values))
    except TypeError as error:
        raise ValueError(f"{error}: name it among the fields") from error


def _read_value(kind: Kind[Any], name: str, value: Any) -> Any:
    if name in kind.dates and isinstance(value, str):
        return moment_of(value)
    if not kind.takes(name, value):
        raise ValueError(f"{name} can't be {value!r}")
    return value


def _make_message(given: Values, created: datetime) -> Values:
    status = given.get("status", "delivered")
    sent = None if status in NEVER_SENT else given.get("date_sent", created + SECOND)
    return {
        "to": RECEIVER,
        "from_": SENDER,
        "body": "A seeded message",
        "status": status,
        "date_sent": sent,
        "date_updated": sent or created,
    }


def _call(given: Values, created: datetime) -> Values:
    status = given.get("status", "completed")
    start = None if status in NEVER_STARTED else given.get("start_time", created + SECOND)
    end = start + timedelta(seconds=LENGTH) if start and status == "completed" else None
    return {
        "to": RECEIVER,
        "from_": SENDER,
        "status": status,
        "start_time": start,
        "end_time": end,
        "duration": LENGTH if end else None,
        "date_updated": end or start or created,
    }


def _make_recording(_given: Values, created: datetime) -> Values:
    return {"status": "completed", "call_sid": None, "start_time": created, "duration": LENGTH}


def _make_notification(_given: Values, created: datetime) -> Values:
    return {
        "call_sid": None,
        "error_code": "11200",
        "log": "0",
        "message_date": created,
        "message_text": "LogLevel=ERROR&ErrorCode=11200",
    }


DEFAULTS: dict[type[Any], Callable[[Values, datetime], Values]] = {
    Message: _make_message,
    PhoneCall: _call,
    Recording: _make_recording,
    Notification: _make_notification,
    Media: lambda *_: {"content_type": "image/jpeg"},
    Transcription: lambda *_: {"status": "completed", "duration": LENGTH},
    Conference: lambda *_: {"friendly_name": "Seeded", "status": "completed"},
}
