"""Records that age, page by page, and their deletion: Messages, Calls, Recordings and Transcriptions of an account.

A token of a page names the last record of the page before, so a page whose records were deleted leads nowhere
(21481): whoever deletes reads the next page first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from twilio.base.exceptions import TwilioRestException

from tenantry.model.record_kind import RecordKind
from tenantry.text.sids import SID
from tenantry.twilio.errors import NotFound, Refused, TwilioError, Unreachable, doing
from tenantry.twilio.exact_list import Row, read_rows, text_of
from tenantry.twilio.live import PAGE_SIZE

if TYPE_CHECKING:
    from twilio.rest import Client

UNFINISHED: Final = 20009
"""Error code: cannot delete this resource before it is complete. Its HTTP status is not documented."""
LOST_PAGE: Final = 21481
"""Error code: the record that a page's token names is not there any more."""


class _Path(NamedTuple):
    folder: str
    key: str
    before: str | None
    """The filter by date. All but that of calls include their day, so whoever asks compares the dates again."""
    since: str | None
    dates: tuple[str, ...]
    """Where the date stands that counts; the first one that is there."""


_PATHS: Final[Mapping[RecordKind, _Path]] = {
    "messages": _Path("Messages", "messages", "DateSent<", "DateSent>", ("date_sent", "date_created")),
    "calls": _Path("Calls", "calls", "EndTime<", "EndTime>", ("end_time", "date_created")),
    "recordings": _Path("Recordings", "recordings", "DateCreated<", "DateCreated>", ("date_created",)),
    "transcriptions": _Path("Transcriptions", "transcriptions", None, None, ("date_created",)),
}


@dataclass(frozen=True, slots=True)
class AgingRecord:
    """One record as a list shows it: never a body, a number or a name."""

    sid: str
    account_sid: str
    when: datetime | None
    """When a message was sent, a call ended, all else was made; of what was never sent or ended, when it was made."""
    status: str
    is_empty: bool = False
    """Whether it is a message without text."""
    media: int = 0
    is_of_person: bool = False
    """Whether one of its ends is the number that was asked for; false where none was."""


@dataclass(frozen=True)
class RecordPage:
    """One page of an account's records, the newest first."""

    kind: RecordKind
    account_sid: str
    records: tuple[AgingRecord, ...]
    read_at: float
    """By a clock that only goes on, in seconds."""
    following: str | None
    number: str | None = None
    """The number that was asked for."""


class AgingRecords:
    """Lists and deletes records of subaccounts, with the parent's credentials."""

    def __init__(self, parent: Client, monotonic: Callable[[], float]) -> None:
        self._parent = parent
        self._monotonic = monotonic

    def first_page(
        self, account_sid: str, kind: RecordKind, *, before: date | None = None, since: date | None = None
    ) -> RecordPage:
        """Return the first page of a list, filtered by days (UTC) where it takes them; raises TwilioError.

        The filters are wide: `before` may be included, and Twilio ignores parameters that it does not know.
        """
        path = _PATHS[kind]
        params: dict[str, Any] = {"PageSize": PAGE_SIZE}
        params |= {name: day.isoformat() for name, day in ((path.before, before), (path.since, since)) if name and day}
        version = self._parent.api.v2010
        return self._page(account_sid, kind, version.absolute_url(f"Accounts/{account_sid}/{path.folder}.json"), params)

    def first_page_of_person(
        self, account_sid: str, kind: Literal["messages", "calls"], end: Literal["To", "From"], address: str
    ) -> RecordPage:
        """Return the first page of what went to or came from an address, such as `whatsapp:+14155550100`."""
        params = {"PageSize": PAGE_SIZE, end: address}
        url = self._parent.api.v2010.absolute_url(f"Accounts/{account_sid}/{_PATHS[kind].folder}.json")
        return self._page(account_sid, kind, url, params, number=bare_number(address))

    def recordings_of_call(self, account_sid: str, call_sid: str) -> tuple[AgingRecord, ...]:
        """Return the recordings of a call that Twilio has; raises TwilioError."""
        path = f"Accounts/{account_sid}/Calls/{call_sid}/Recordings.json"
        return self._parts("recordings", path, "call_sid", call_sid)

    def transcriptions_of_recording(self, account_sid: str, recording_sid: str) -> tuple[AgingRecord, ...]:
        """Return the transcriptions of a recording; raises TwilioError."""
        path = f"Accounts/{account_sid}/Recordings/{recording_sid}/Transcriptions.json"
        return self._parts("transcriptions", path, "recording_sid", recording_sid)

    def next_page(self, page: RecordPage) -> RecordPage | None:
        """Return the page that follows; None after the last one. Raises TwilioError, with LOST_PAGE as its code."""
        if page.following is None:
            return None
        url = self._parent.api.v2010.domain.absolute_url(page.following)
        return self._page(page.account_sid, page.kind, url, {}, number=page.number)

    def now(self) -> float:
        """Return the seconds of the clock that only goes on, by which pages say when they were read."""
        return self._monotonic()

    def age(self, page: RecordPage) -> float:
        """Return how many seconds ago a page was read."""
        return self._monotonic() - page.read_at

    def find(self, account_sid: str, kind: RecordKind, sid: str) -> AgingRecord | None:
        """Return one record as it is now; None where Twilio has it no more. Raises TwilioError."""
        try:
            with doing(f"Looking for {sid} in account {account_sid}"):
                return _record(kind, self._ask("GET", _item(account_sid, kind, sid)))
        except NotFound:
            return None

    def delete(self, account_sid: str, kind: RecordKind, sid: str) -> None:
        """Delete a record; raises NotFound where it is gone, Refused with UNFINISHED as its code, and TwilioError."""
        with doing(f"Deleting {sid} in account {account_sid}"):
            self._ask("DELETE", _item(account_sid, kind, sid))

    def redact(self, account_sid: str, sid: str) -> None:
        """Empty the body of a message; raises what `delete` does, and LostAnswer."""
        with doing(f"Redacting {sid} in account {account_sid}"):
            row = self._ask("POST", _item(account_sid, "messages", sid), {"Body": ""})
            if row.get("body"):
                raise Refused("the message still has a text", next_step="Report it to Twilio's support.")

    def media(self, account_sid: str, message_sid: str) -> tuple[str, ...]:
        """Return the SIDs of a message's media, of which there are 10 at most; raises NotFound, TwilioError."""
        with doing(f"Listing the media of {message_sid} in account {account_sid}"):
            rows = self._ask("GET", f"Accounts/{account_sid}/Messages/{message_sid}/Media.json").get("media_list")
            if not isinstance(rows, list):
                raise Unreachable("the answer has no list of media")
            return tuple(str(row["sid"]) for row in rows if row.get("parent_sid") == message_sid)

    def delete_medium(self, account_sid: str, message_sid: str, sid: str) -> None:
        """Delete one medium of a message; raises what `delete` does."""
        with doing(f"Deleting {sid} in account {account_sid}"):
            self._ask("DELETE", f"Accounts/{account_sid}/Messages/{message_sid}/Media/{sid}.json")

    def _ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Row:
        version = self._parent.api.v2010
        response = version.request(method, path, data=data)
        if response.status_code == 204:
            return {}
        if not 200 <= response.status_code < 300:
            raise version.exception(method, path, response, f"Unable to {method.lower()} record")
        body: Row | None = response.json_body
        if body is None:
            raise Unreachable("the answer was no JSON object")
        return body

    def _parts(self, kind: RecordKind, path: str, parent: str, sid: str) -> tuple[AgingRecord, ...]:
        with doing(f"Listing the {kind} of {sid}"):
            try:
                rows = read_rows(self._parent, path, _PATHS[kind].key, {})
                return tuple(_record(kind, row) for row in rows if row.get(parent) == sid)
            except TwilioRestException as error:
                if error.status == 404:  # it is gone, and so is the list of what hangs on it
                    return ()
                raise

    def _page(
        self, account_sid: str, kind: RecordKind, url: str, params: Mapping[str, Any], number: str | None = None
    ) -> RecordPage:
        path = _PATHS[kind]
        with doing(f"Listing the {kind} of account {account_sid}"):
            read_at = self._monotonic()
            response = self._parent.request("GET", url, params=params)
            if response.status_code != 200:
                raise self._parent.api.v2010.exception("GET", url, response, "Unable to fetch page")
            body = response.json_body or {}
            rows = body.get(path.key)
            if not isinstance(rows, list):
                raise Unreachable(f"the answer has no list of {path.key}")
            following = body.get("next_page_uri")
            records = tuple(_record(kind, row, number) for row in rows)
            return RecordPage(kind, account_sid, records, read_at, str(following) if following else None, number)


def is_unfinished(error: TwilioError) -> bool:
    """Return whether Twilio refused because the record is not complete yet."""
    return error.code == UNFINISHED


def _item(account_sid: str, kind: RecordKind, sid: str) -> str:
    return f"Accounts/{account_sid}/{_PATHS[kind].folder}/{sid}.json"


def bare_number(address: str) -> str:
    """Return the number of an address: `+14155550100` of `whatsapp:+14155550100`."""
    return re.sub(r"^[a-z]+:", "", address)


def _record(kind: RecordKind, row: Row, number: str | None = None) -> AgingRecord:
    if not re.fullmatch(SID, str(row.get("sid"))):
        raise Unreachable(f"the list of {kind} has a record without a SID")
    moments = (_moment(row, name) for name in _PATHS[kind].dates)
    return AgingRecord(
        sid=str(row.get("sid")),
        account_sid=str(row.get("account_sid")),
        when=next((moment for moment in moments if moment is not None), None),
        status=str(row.get("status")),
        is_empty=kind == "messages" and row.get("body") == "",
        media=_count(row.get("num_media")),
        is_of_person=number is not None and number in {bare_number(str(row.get(end))) for end in ("to", "from")},
    )


def _moment(row: Row, name: str) -> datetime | None:
    """Return a date in UTC; one without a time zone is UTC, which Twilio's are."""
    try:
        moment = parsedate_to_datetime(text_of(row, name) or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _count(value: object) -> int:
    text = str(value if value is not None else 0)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
