"""A type of event as it is stored."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EventType:
    """A type of Twilio's catalogue: the newest schema version is what an unpinned subscription gets."""

    type: str
    schema_id: str
    latest_schema_version: int
    description: str
    status: str = "active"
