"""The audit log on the wire: monitor.twilio.com/v1/Events, with an account's own credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tenantry.twilio.errors import doing
from tenantry.twilio.live import moment, once_each

if TYPE_CHECKING:
    from twilio.rest import Client

PAGE_SIZE = 1000


@dataclass(frozen=True)
class AuditEvent:
    """Who did what to which resource; never what the values were, nor the address that it came from."""

    at: datetime | None
    event_type: str
    resource_sid: str
    actor_sid: str | None
    actor_type: str
    source: str


class AuditEvents:
    """The audit logs of subaccounts: 30 days, or 13 months with an Edition."""

    def __init__(self, account: Callable[[str], Client]) -> None:
        self._account = account

    def read_since(self, account_sid: str, since: datetime) -> tuple[AuditEvent, ...]:
        """Return the events from a moment on, the newest first; raises TwilioError."""
        with doing(f"Reading the audit log of account {account_sid}"):
            events = self._account(account_sid).monitor.v1.events
            records = once_each(events.list(start_date=since, page_size=PAGE_SIZE))
            return tuple(
                AuditEvent(
                    at=moment(record.event_date),
                    event_type=str(record.event_type),
                    resource_sid=str(record.resource_sid),
                    actor_sid=record.actor_sid,
                    actor_type=str(record.actor_type),
                    source=str(record.source),
                )
                for record in records
            )
