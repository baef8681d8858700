"""Calls that go on: a suspension does not end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenantry.twilio.errors import NotFound, doing

if TYPE_CHECKING:
    from twilio.rest import Client

UNFINISHED = ("queued", "ringing", "in-progress")
PAGE_SIZE = 1000


class CallsInProgress:
    """The calls of subaccounts that are not over."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def end_all(self, account_sid: str) -> int:
        """End every call of an account, and return how many they were; one that ended by itself is not counted."""
        calls = self._parent.api.v2010.accounts(account_sid).calls
        ended = 0
        with doing(f"Ending the calls of account {account_sid}"):
            for status in UNFINISHED:
                for record in calls.list(status=status, page_size=PAGE_SIZE):
                    ended += self._end(account_sid, record.sid)
        return ended

    def _end(self, account_sid: str, sid: str) -> int:
        try:
            with doing(f"Ending call {sid} of account {account_sid}"):
                self._parent.api.v2010.accounts(account_sid).calls(sid).update(status="completed")
        except NotFound:
            return 0
        return 1
