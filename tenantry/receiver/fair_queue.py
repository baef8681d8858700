"""Whose request is checked next: of all accounts that wait, one after the other, so that a storm delays its own alone.

Checking a signature and reading a form cost more than all else of a request, in the loop that answers everybody. So a
few are checked, then the loop looks for new requests, and so on. Used in one event loop.
"""

import asyncio
from collections import deque

AT_ONCE = 4
"""Requests that are checked before the loop looks for new ones."""
MOST_OF_ONE = 256
"""Requests of one account that wait; more are to be sent again."""

_Waiting = deque["asyncio.Future[None]"]


class CrowdedError(Exception):
    """Too many requests of the same account wait."""


class FairQueue:
    """Requests that wait to be checked, by their account."""

    def __init__(self, at_once: int = AT_ONCE, most_of_one: int = MOST_OF_ONE) -> None:
        self._at_once, self._most_of_one = at_once, most_of_one
        self._free = at_once
        self._waiting: dict[str, _Waiting] = {}
        """The next one is of the first account."""
        self._is_scheduled = False

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def enter(self, account: str) -> None:
        """Return when it is the account's turn; raises CrowdedError."""
        if self._free and not self._waiting:
            self._free -= 1
            return
        waiting = self._waiting.setdefault(account, deque())
        if len(waiting) >= self._most_of_one:
            raise CrowdedError
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(future)
        self._schedule()
        await future

    def _schedule(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._admit)

    def _admit(self) -> None:
        """Let the next ones go on, and those after them when the loop has looked for new requests."""
        self._is_scheduled = False
        self._free = self._at_once
        while self._free and self._waiting:
            account, waiting = next(iter(self._waiting.items()))
            del self._waiting[account]
            future = waiting.popleft()
            if waiting:
                self._waiting[account] = waiting  # behind all others
            if not future.done():  # whoever waited may be gone
                future.set_result(None)
                self._free -= 1
        if self._waiting:
            self._schedule()
