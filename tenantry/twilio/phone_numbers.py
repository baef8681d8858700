"""The phone numbers of a subaccount, by their SIDs alone, with the parent's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import read_rows

if TYPE_CHECKING:
    from twilio.rest import Client


class PhoneNumbers:
    """Lists phone numbers."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def list_sids(self, account_sid: str) -> tuple[str, ...]:
        """Return the SIDs of an account's phone numbers; raises TwilioError."""
        with doing(f"Listing the phone numbers of account {account_sid}"):
            path = f"Accounts/{account_sid}/IncomingPhoneNumbers.json"
            return tuple(str(row.get("sid")) for row in read_rows(self._parent, path, "incoming_phone_numbers", {}))
