"""A call as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PhoneCall:
    """A call; while one is under way, `due` is when its status changes next (None: not before somebody says so)."""

    sid: str
    account_sid: str
    to: str
    from_: str
    status: str
    date_created: datetime
    date_updated: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    due: datetime | None = None
    duration: int | None = None
    direction: str = "outbound-api"
    parent_call_sid: str | None = None
    phone_number_sid: str | None = None
    price: str | None = None
    price_unit: str = "USD"
