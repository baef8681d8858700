"""Records that age, on the wire: Messages, Calls and Recordings of /2010-04-01/Accounts/{account}.

Which day a filter includes differs: messages and recordings up to and with the day that is named, calls before it
(Twilio's API description). The SDK would send midnight where the API promises days only, so days are sent as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from tenantry.twilio.errors import doing
from tenantry.twilio.live import moment

if TYPE_CHECKING:
    from twilio.rest import Client

Sort = Literal["messages", "calls", "recordings"]


@dataclass(frozen=True)
class Record:
    """One record of an account; `redacted` is a message that has no text any more."""

    sid: str
    when: datetime | None
    redacted: bool = False


class Records:
    """The records of subaccounts, with the parent's credentials."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def newest_before(self, account_sid: str, sort: Sort, day: date) -> Record | None:
        """Return the newest record of before a day (UTC), by a list of one; None if there is none.

        A message that was never sent has no day and is not found; a call counts from its end.
        """
        with doing(f"Looking for {sort} of before {day} in account {account_sid}"):
            found = self._first(self._parent.api.v2010.accounts(account_sid), sort, day)
        return _record(sort, found[0]) if found else None

    def _first(self, account: Any, sort: Sort, day: date) -> list[Any]:
        the_day_before = str(day - timedelta(days=1))
        match sort:
            case "messages":
                records = account.messages.list(date_sent_before=the_day_before, limit=1, page_size=1)
            case "calls":
                records = account.calls.list(end_time_before=str(day), limit=1, page_size=1)
            case "recordings":
                records = account.recordings.list(date_created_before=the_day_before, limit=1, page_size=1)
        return list(records)


def _record(sort: Sort, record: Any) -> Record:
    match sort:
        case "messages":
            return Record(record.sid, moment(record.date_sent), redacted=record.body == "")
        case "calls":
            return Record(record.sid, moment(record.end_time))
        case "recordings":
            return Record(record.sid, moment(record.date_created))
