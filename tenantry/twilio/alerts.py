"""Alerts of the Debugger on the wire: monitor.twilio.com/v1/Alerts, with an account's own credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tenantry.twilio.errors import doing
from tenantry.twilio.live import moment, once_each
from tenantry.twilio.log_records import Log

if TYPE_CHECKING:
    from twilio.rest import Client

PAGE_SIZE = 1000
LONGEST = 10_000
"""Alerts that one query finds at most: twilio.com/docs/usage/monitor-alert."""
KEPT_DAYS = 30
"""Days that alerts are kept; an earlier StartDate is refused."""


@dataclass(frozen=True)
class LoggedAlert:
    """An error, a warning or a notice; never its text, which may hold what a person wrote."""

    created: datetime
    level: str
    code: str


class Alerts:
    """The alerts of subaccounts."""

    def __init__(self, account: Callable[[str], Client]) -> None:
        self._account = account

    def read_since(self, account_sid: str, since: datetime) -> Log[LoggedAlert]:
        """Return the alerts from a moment on, 30 days back at most; raises TwilioError."""
        with doing(f"Reading the alerts since {since:%Y-%m-%d} in account {account_sid}"):
            alerts = self._account(account_sid).monitor.v1.alerts
            records = once_each(alerts.list(start_date=since, page_size=PAGE_SIZE))
            found = [
                LoggedAlert(created, str(record.log_level), str(record.error_code))
                for record in records
                if (created := moment(record.date_created)) is not None and created >= since
            ]
            return Log(tuple(found), is_whole=len(records) < LONGEST)
