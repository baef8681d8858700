"""Logs of messages and calls, as far as they tell what was billed; never a body, a number or a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import EXACT
from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import Row, number_of, read_rows, text_of

if TYPE_CHECKING:
    from twilio.rest import Client

MOST = 10_000
"""So many records of a log are read at most: 10 calls."""
Medium = Literal["client", "phone", "sip"]
R = TypeVar("R")


@dataclass(frozen=True)
class LoggedMessage:
    """One message; its price is positive for a cost, and None until Twilio knows it."""

    sid: str
    sent: datetime | None
    status: str
    segments: int
    has_media: bool
    price: Decimal | None
    price_unit: str | None


@dataclass(frozen=True)
class LoggedCall:
    """One call; its price is positive for a cost, and None until Twilio knows it."""

    sid: str
    started: datetime | None
    ended: datetime | None
    status: str
    seconds: int
    medium: Medium
    price: Decimal | None
    price_unit: str | None


@dataclass(frozen=True)
class MessageOutcome:
    """What came of a message."""

    created: datetime
    status: str
    error_code: str | None
    is_sent: bool
    """Whether the account sent it; else it was received."""


@dataclass(frozen=True)
class Log(Generic[R]):
    """Records, the newest first, and whether they are all that there are."""

    records: tuple[R, ...]
    is_whole: bool


class LogRecords:
    """The logs of subaccounts, with the parent's credentials."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def messages(self, account_sid: str, period: UsagePeriod, most: int = MOST) -> Log[LoggedMessage]:
        """Return the messages that were sent in a period; raises TwilioError. Both days are included."""
        params = {"DateSent>": period.first.isoformat(), "DateSent<": period.last.isoformat()}
        with doing(f"Reading the messages of {period} in account {account_sid}"):
            rows = read_rows(self._parent, f"Accounts/{account_sid}/Messages.json", "messages", params)
            return _cut(rows, most, _read_message, lambda message: message.sent, period)

    def outcomes(self, account_sid: str, since: datetime, most: int = MOST) -> Log[MessageOutcome]:
        """Return what came of the messages that Twilio has of an account from a moment on; raises TwilioError.

        No filter is sent: a message that never left has no DateSent, so each of the filters would leave it out.
        """
        found = tuple(islice(self.each_outcome(account_sid, since), most + 1))
        return Log(found[:most], is_whole=len(found) <= most)

    def each_outcome(self, account_sid: str, since: datetime) -> Iterator[MessageOutcome]:
        """Yield the same, of however many messages, and without keeping them; raises TwilioError."""
        with doing(f"Reading the messages since {since:%Y-%m-%d} in account {account_sid}"):
            rows = read_rows(self._parent, f"Accounts/{account_sid}/Messages.json", "messages", {})
            for row in rows:
                created = read_date(row, "date_created")
                if created is None:
                    continue
                if created < since:
                    return  # the newest come first
                is_sent = str(row.get("direction")).startswith("outbound")
                yield MessageOutcome(created, str(row.get("status")), text_of(row, "error_code"), is_sent)

    def calls(self, account_sid: str, period: UsagePeriod, most: int = MOST) -> Log[LoggedCall]:
        """Return the calls that began in a period; raises TwilioError. `StartTime<` leaves its day out."""
        after = period.last + timedelta(days=1)
        params = {"StartTime>": period.first.isoformat(), "StartTime<": after.isoformat()}
        with doing(f"Reading the calls of {period} in account {account_sid}"):
            rows = read_rows(self._parent, f"Accounts/{account_sid}/Calls.json", "calls", params)
            return _cut(rows, most, _call, lambda call: call.started, period)


def _cut(
    rows: Iterator[Row],
    most: int,
    record_of: Callable[[Row], R],
    moment_of: Callable[[R], datetime | None],
    period: UsagePeriod,
) -> Log[R]:
    """Return so many records at most; what the filter should have left out is left out here."""
    found = [record_of(row) for row in islice(rows, most + 1)]
    kept = [record for record in found[:most] if (moment := moment_of(record)) is not None and period.holds(moment)]
    return Log(tuple(kept), len(found) <= most)


def _read_message(row: Row) -> LoggedMessage:
    return LoggedMessage(
        sid=str(row["sid"]),
        sent=read_date(row, "date_sent"),
        status=str(row.get("status")),
        segments=int(number_of(row, "num_segments") or 0),
        has_media=bool(number_of(row, "num_media")),
        price=_read_cost(row),
        price_unit=_read_currency(row),
    )


def _call(row: Row) -> LoggedCall:
    return LoggedCall(
        sid=str(row["sid"]),
        started=read_date(row, "start_time"),
        ended=read_date(row, "end_time"),
        status=str(row.get("status")),
        seconds=int(number_of(row, "duration") or 0),
        medium=_read_medium(row),
        price=_read_cost(row),
        price_unit=_read_currency(row),
    )


def _read_medium(row: Row) -> Medium:
    """Return what carried a call: logs hold all three, usage has a category of its own for two of them."""
    ends = [text_of(row, field) or "" for field in ("to", "from")]
    if any(end.startswith("client:") for end in ends):
        return "client"
    return "sip" if any(end.startswith(("sip:", "sips:")) for end in ends) else "phone"


def _read_cost(row: Row) -> Decimal | None:
    """Return the price as a cost: logs show what is taken from the balance, with a minus."""
    price = number_of(row, "price")
    return None if price is None else EXACT.minus(price)


def _read_currency(row: Row) -> str | None:
    return (text_of(row, "price_unit") or "").lower() or None


def read_date(row: Row, field: str) -> datetime | None:
    """Return a date in UTC; one without a time zone is UTC, which Twilio's are."""
    try:
        moment = parsedate_to_datetime(text_of(row, field) or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
