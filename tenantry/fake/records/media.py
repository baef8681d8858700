"""A message's picture, sound or film as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Media:
    """A medium of a message, its content not kept."""

    sid: str
    account_sid: str
    parent_sid: str
    content_type: str
    date_created: datetime
    date_updated: datetime
