"""A recording as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Recording:
    """A recording; a deleted one stays until it is `due` to vanish."""

    sid: str
    account_sid: str
    call_sid: str | None
    status: str
    date_created: datetime
    date_updated: datetime
    conference_sid: str | None = None
    date_deleted: datetime | None = None
    due: datetime | None = None
    start_time: datetime | None = None
    duration: int | None = None
    channels: int = 1
    source: str = "OutboundAPI"
    track: str = "both"
    error_code: int | None = None
    price: str | None = None
    price_unit: str = "USD"
