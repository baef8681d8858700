"""An Event Streams sink as it is stored."""

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
