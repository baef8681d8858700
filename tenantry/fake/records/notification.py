"""A notification as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notification:
    """What Twilio noted of an error; `log` is "0" for an error, "1" for a warning."""

    sid: str
    account_sid: str
    call_sid: str | None
    error_code: str
    log: str
    message_date: datetime
    date_created: datetime
    date_updated: datetime
    message_text: str = ""
    request_method: str | None = None
    request_url: str = ""
    request_variables: str = ""
    response_body: str = ""
    response_headers: str = ""
