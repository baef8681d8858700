"""An alert of the Debugger as it is stored."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Alert:
    """An error or a warning; the last four fields are shown only when one alert is fetched."""

    sid: str
    account_sid: str
    log_level: str
    error_code: str
    alert_text: str
    date_created: datetime
    resource_sid: str | None = None
    service_sid: str | None = None
    request_method: str | None = None
    request_url: str | None = None
    request_variables: str | None = None
    request_headers: str | None = None
    response_headers: str | None = None
    response_body: str | None = None
