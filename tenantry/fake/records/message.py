"""A message as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Message:
    """A message; while one is under way, `due` is when its status changes next (None: not before somebody says so)."""

    sid: str
    account_sid: str
    to: str
    from_: str | None
    body: str
    status: str
    date_created: datetime
    date_updated: datetime
    date_sent: datetime | None = None
    due: datetime | None = None
    direction: str = "outbound-api"
    num_segments: int = 1
    num_media: int = 0
    messaging_service_sid: str | None = None
    error_code: int | None = None
    error_message: str | None = None
    price: str | None = None
    price_unit: str = "USD"
