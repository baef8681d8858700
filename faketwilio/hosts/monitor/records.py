"""What the Debugger and the audit log store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True)
class AuditEvent:
    """What was done to a resource, and by whom: source `api` for an account's request, `web` for the Console."""

    sid: str
    account_sid: str
    event_type: str
    resource_sid: str
    actor_sid: str | None
    actor_type: str
    source: str
    source_ip_address: str | None
    event_data: Mapping[str, Any] | None
    event_date: datetime
