"""An entry of the audit log as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
