"""A conference as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Conference:
    """A conference, its participants not kept."""

    sid: str
    account_sid: str
    friendly_name: str
    status: str
    date_created: datetime
    date_updated: datetime
    region: str = "us1"
    reason_conference_ended: str | None = None
    call_sid_ending_conference: str | None = None
