"""The proof of a key: one real call with its own secret, which reads one message at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tenantry.twilio.errors import Unauthorized, doing

if TYPE_CHECKING:
    from twilio.rest import Client

REFUSED = 20003
LACKS_PERMISSION = 70051
"""Twilio knows the key, and it may not list messages: that proves the key too."""


class KeyProofs:
    """Tries keys. `client` returns a client with the credentials of a key: account, SID, secret."""

    def __init__(self, client: Callable[[str, str, str], Client]) -> None:
        self._client = client

    def prove(self, account_sid: str, sid: str, secret: str) -> bool:
        """Return whether Twilio takes a key; raises TwilioError where the answer says neither."""
        with doing(f"Trying API key {sid} of account {account_sid}"):
            try:
                with doing(""):
                    self._client(account_sid, sid, secret).api.v2010.accounts(account_sid).messages.page(page_size=1)
            except Unauthorized as error:
                if error.code not in (REFUSED, LACKS_PERMISSION):
                    raise
                return error.code == LACKS_PERMISSION
            return True
