"""A number that an account has, as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class IncomingPhoneNumber:
    """A phone number; `settings` are the URLs and methods that were set, by the names that Twilio answers."""

    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    settings: Mapping[str, str] = field(default_factory=dict)
