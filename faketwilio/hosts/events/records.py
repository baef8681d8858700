"""What the routes of Event Streams store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class EventSink:
    """An Event Streams sink; `test_id` is what the test event carried."""

    sid: str
    account_sid: str
    description: str
    sink_type: str
    sink_configuration: Mapping[str, Any]
    status: str
    date_created: datetime
    date_updated: datetime
    test_id: str | None = None


@dataclass(frozen=True)
class EventSubscription:
    """A subscription; `types` maps each event type to its pinned schema version, in the order they were added."""

    sid: str
    account_sid: str
    description: str
    sink_sid: str
    types: Mapping[str, int]
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True)
class EventType:
    """A type of Twilio's catalogue: the newest schema version is what an unpinned subscription gets."""

    type: str
    schema_id: str
    latest_schema_version: int
    description: str
    status: str = "active"
