"""Whether an account was used: its numbers, its traffic and its usage, with the parent's credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tenantry.twilio.errors import doing

if TYPE_CHECKING:
    from twilio.rest import Client

CLOSE_LATER = (
    "Nothing was closed: never_used is for an account that was made within 24 hours and has nothing of these. Remove "
    "it, and close the account after a notice: state_note.since, and close_after 30 days later."
)
FRESH = timedelta(hours=24)
"""How long an unused account may count as a mistake."""
SORTS: Mapping[str, Callable[[Any], Any]] = {
    "phone numbers": lambda account: account.incoming_phone_numbers,
    "messages": lambda account: account.messages,
    "calls": lambda account: account.calls,
    "recordings": lambda account: account.recordings,
}
"""Lists of which an unused account has nothing, by the words that people have for what is in them."""


@dataclass(frozen=True)
class Use:
    """What was looked at in an account, and what was found, with both times by Twilio's own clock."""

    account_sid: str
    created: datetime | None
    now: datetime | None
    """None where no answer from Twilio has a time."""
    found: tuple[str, ...]
    """What there is: `phone numbers`, `usage of sms`."""

    @property
    def is_fresh(self) -> bool:
        """Whether Twilio says that it was made within FRESH."""
        return self.created is not None and self.now is not None and timedelta() <= self.now - self.created < FRESH

    @property
    def is_none(self) -> bool:
        """Whether it is an account that was made by mistake: young, and without a trace of use."""
        return self.is_fresh and not self.found

    @property
    def summary(self) -> str:
        """What was looked at, and the result, as a sentence."""
        sorts = f"{', '.join(SORTS)} and usage records"
        seen = f"of {sorts} it has {', '.join(self.found)}" if self.found else f"it has no {sorts}"
        return f"{self._age}; {seen}"

    @property
    def _age(self) -> str:
        if self.created is None or self.now is None:
            return f"account {self.account_sid}: Twilio did not say when it was made, or what time it is"
        minutes = int((self.now - self.created).total_seconds()) // 60
        sentence = f"account {self.account_sid} was made at {self.created:%Y-%m-%d %H:%M} UTC"
        return f"{sentence}, {minutes // 60} h {minutes % 60} min ago by Twilio's clock"


class Uses:
    """Looks at the use of subaccounts."""

    def __init__(
        self, parent: Client, now: Callable[[], datetime], clock_ahead: Callable[[], timedelta | None]
    ) -> None:
        self._parent = parent
        self._now = now
        self._clock_ahead = clock_ahead

    def look(self, account_sid: str, created: datetime | None) -> Use:
        """Return the use of an account that Twilio says it made at that time; raises TwilioError."""
        with doing(f"Looking whether account {account_sid} was used"):
            account = self._parent.api.v2010.accounts(account_sid)
            found = [sort for sort, lists in SORTS.items() if lists(account).list(limit=1, page_size=1)]
            used = {record.category for record in account.usage.records.list() if _is_some(record)}
        now = None if self._clock_ahead() is None else self._now()
        return Use(account_sid, created, now, (*found, *(f"usage of {category}" for category in sorted(used))))


def _is_some(record: Any) -> bool:
    """Return whether a usage record counts anything; Twilio lists categories without any too."""
    return any(
        amount is not None and not _is_zero(str(amount)) for amount in (record.count, record.usage, record.price)
    )


def _is_zero(amount: str) -> bool:
    """Return whether an amount is nothing; what is no number is something."""
    try:
        return not amount.strip() or Decimal(amount) == 0
    except InvalidOperation:
        return False
