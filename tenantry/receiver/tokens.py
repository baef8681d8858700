"""Auth tokens, by which Twilio signs: of all accounts from lists of 1,000, in memory, never stored.

A request whose signature does not fit may have been signed with a newer token. So its account is read again, at most
once a minute; only a token that was read after the request arrived proves that it is forged.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from time import monotonic

from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

AGAIN = 60.0
"""Seconds until an account is read again."""
AT_ONCE = 4
"""Accounts that are read at the same time, so that forged requests can't keep Twilio busy."""
SECONDS = 3.0
"""So long a request waits for a token."""


class Verdict(Enum):
    """What is known of a request's signature."""

    GENUINE = "genuine"
    FORGED = "forged"
    UNKNOWN = "unknown"
    """The token that we have may be old, and can't be read now."""


@dataclass(frozen=True)
class _Token:
    value: str = field(repr=False)
    read_at: float
    """When the read began, by a clock that never goes back."""


class Tokens:
    """The tokens of a parent account and of its subaccounts; used in one event loop."""

    def __init__(self, open_session: Callable[[], Session], now: Callable[[], float] = monotonic) -> None:
        self._open_session = open_session
        self._now = now
        self._tokens: dict[str, _Token] = {}
        self._asked: dict[str, float] = {}
        self._reading = asyncio.Semaphore(AT_ONCE)
        self.is_loaded = False

    def __len__(self) -> int:
        return len(self._tokens)

    async def load(self) -> None:
        """Read all tokens, in one call for each 1,000 accounts; raises TwilioError."""
        began = self._now()
        for sid, value in (await asyncio.to_thread(self._read_all)).items():
            self._keep(sid, value, began)
        self.is_loaded = True

    async def judge(self, sid: str, arrived: float, is_signed: Callable[[str], bool]) -> Verdict:
        """Return whether an account signed a request that arrived at a time of our clock."""
        token = self._tokens.get(sid)
        if token is not None and is_signed(token.value):
            return Verdict.GENUINE
        fresh = await self._refresh(sid)
        if fresh is None:
            return Verdict.UNKNOWN
        if fresh is not token and is_signed(fresh.value):
            return Verdict.GENUINE
        return Verdict.FORGED if fresh.read_at >= arrived else Verdict.UNKNOWN

    async def _refresh(self, sid: str) -> _Token | None:
        """Read one account's token again, unless that was tried within a minute; return the newest that we have."""
        now = self._now()
        if now - self._asked.get(sid, -AGAIN) < AGAIN or self._reading.locked():
            return self._tokens.get(sid)
        self._asked[sid] = now
        async with self._reading:
            try:
                value = await asyncio.wait_for(asyncio.to_thread(self._read, sid), SECONDS)
            except (TwilioError, TimeoutError):
                return self._tokens.get(sid)
        self._keep(sid, value, now)
        return self._tokens.get(sid)

    def _keep(self, sid: str, value: str, read_at: float) -> None:
        known = self._tokens.get(sid)
        if value and (known is None or known.read_at <= read_at):
            self._tokens[sid] = _Token(value, read_at)

    def _read_all(self) -> dict[str, str]:
        session = self._open_session()
        found = {account.sid: account.auth_token for account in session.subaccounts.all()}
        parent = session.accounts.get(session.parent_sid)
        return found | ({parent.sid: parent.auth_token} if parent else {})

    def _read(self, sid: str) -> str:
        return self._open_session().subaccounts.fetch(sid).auth_token
