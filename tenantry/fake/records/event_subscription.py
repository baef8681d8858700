"""An Event Streams subscription as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


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
