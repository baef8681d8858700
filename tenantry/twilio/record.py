"""The newest record of before a day, on the wire: Messages, Calls and Recordings of /2010-04-01/Accounts/{account}.

Which day a filter includes differs: messages and recordings up to and with the day that is named, calls before it
(Twilio's API description). The SDK would send midnight where the API promises days only, so days are sent as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenantry.model.record_kind import RecordKind
from tenantry.twilio.errors import doing
from tenantry.twilio.live import moment

if TYPE_CHECKING:
    from twilio.rest import Client


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

    def newest_before(self, account_sid: str, sort: RecordKind, day: date) -> Record | None:
        """Return the newest record of before a day (UTC), by a list of one; None if there is none.

        `sort` is one whose list takes a date. A message that was never sent has no day and is not found; a call counts
        from its end.
        """
        with doing(f"Looking for {sort} of before {day} in account {account_sid}"):
            found = self._first(self._parent.api.v2010.accounts(account_sid), sort, day)
        return _record(sort, found[0]) if found else None

    def _first(self, account: Any, sort: RecordKind, day: date) -> list[Any]:
        the_day_before = str(day - timedelta(days=1))
        match sort:
            case "messages":
                records = account.messages.list(date_sent_before=the_day_before, limit=1, page_size=1)
            case "calls":
                records = account.calls.list(end_time_before=str(day), limit=1, page_size=1)
            case "recordings":
                records = account.recordings.list(date_created_before=the_day_before, limit=1, page_size=1)
            case "transcriptions":
                raise ValueError("a list of transcriptions takes no date")
        return list(records)


def _record(sort: RecordKind, record: Any) -> Record:
    match sort:
        case "messages":
            return Record(record.sid, moment(record.date_sent), redacted=record.body == "")
        case "calls":
            return Record(record.sid, moment(record.end_time))
        case _:
            return Record(record.sid, moment(record.date_created))
