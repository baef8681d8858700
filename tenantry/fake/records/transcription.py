"""A transcription as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Transcription:
    """The text of a recording."""

    sid: str
    account_sid: str
    recording_sid: str
    status: str
    date_created: datetime
    date_updated: datetime
    transcription_text: str = "(blank)"
    type: str = "fast"
    duration: int | None = None
    price: str | None = None
    price_unit: str = "USD"
