"""Events as CloudEvents 1.0."""

from datetime import datetime
from typing import Any

from faketwilio.hosts.events.records import EventType


def build_cloud_event(
    kind: EventType, version: int, *, event_id: str, source: str, at: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    """An event with its envelope; `source` is the fake's own reading, Twilio's examples disagree."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "type": kind.type,
        "source": source,
        "time": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "datacontenttype": "application/json",
        "dataschema": f"https://events-schemas.twilio.com/{kind.schema_id}/{version}",
        "data": data,
    }
