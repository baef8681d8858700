"""A usage trigger as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class UsageTrigger:
    """A usage trigger, its amounts as the strings that Twilio answers."""

    sid: str
    account_sid: str
    friendly_name: str
    usage_category: str
    trigger_by: str
    trigger_value: str
    recurring: str | None
    callback_url: str
    callback_method: str
    date_created: datetime
    date_updated: datetime
    date_fired: datetime | None = None
