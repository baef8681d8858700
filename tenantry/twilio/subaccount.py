"""Subaccounts on the wire: /2010-04-01/Accounts, with the parent's credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tenantry.twilio.account_directory import AccountDirectory, LiveAccount
from tenantry.twilio.errors import LostAnswer, doing
from tenantry.twilio.exact_list import read_records
from tenantry.twilio.http.lost_write import settle
from tenantry.twilio.live import moment

if TYPE_CHECKING:
    from twilio.rest import Client

__all__ = ["AccountDirectory", "LiveAccount", "Subaccounts"]


class Subaccounts:
    """The subaccounts of the parent; what is seen here is remembered in the directory."""

    def __init__(self, client: Client, waiting: Callable[[], Callable[[LostAnswer], bool]]) -> None:
        self._client = client
        self._waiting = waiting
        self.directory = AccountDirectory(load=self._list, fetch=self._fetch)

    def all(self) -> tuple[LiveAccount, ...]:
        """Return all subaccounts, closed ones too, asked anew; without the parent, which Twilio lists among them."""
        return self.directory.reload()

    def find_named(self, friendly_name: str) -> tuple[LiveAccount, ...]:
        """Return the subaccounts with exactly this name; names are not unique in Twilio."""
        found = self._list(FriendlyName=friendly_name)
        for account in found:
            self.directory.remember(account)
        return found

    def fetch(self, sid: str) -> LiveAccount:
        """Return one account; raises NotFound."""
        account = self._fetch(sid)
        self.directory.remember(account)
        return account

    def create(self, friendly_name: str) -> LiveAccount:
        """Make a subaccount. It can be closed later, but never deleted."""
        with doing(f"Creating subaccount '{friendly_name}'"):
            account = _read_account(self._client.api.v2010.accounts.create(friendly_name=friendly_name))
        self.directory.remember(account)
        return account

    def update(self, sid: str, *, friendly_name: str | None = None, status: str | None = None) -> LiveAccount:
        """Rename an account, or set its status; `closed` can't be undone.

        Where the answer is lost we look first, and change it again only if it is not as wanted.
        """
        wanted = {"friendly_name": friendly_name, "status": status}
        changes = {field: value for field, value in wanted.items() if value is not None}
        with doing(f"Updating account {sid} ({_format_changes(changes)})"):
            account = settle(
                lambda: _read_account(self._client.api.v2010.accounts(sid).update(**changes)),
                lambda: _as_wanted(self._fetch(sid), changes),
                lambda _: True,
                self._waiting(),
            )
        self.directory.remember(account)
        return account

    def _list(self, **filters: str) -> tuple[LiveAccount, ...]:
        with doing("Listing the subaccounts"):
            records = read_records(self._client.api.v2010, "Accounts.json", "accounts", filters)
        accounts = tuple(map(_read_account, records))
        for parent in (account for account in accounts if account.is_parent):
            self.directory.remember(parent)  # the list contains the parent; fetching it would cost another call
        return tuple(account for account in accounts if not account.is_parent)

    def _fetch(self, sid: str) -> LiveAccount:
        with doing(f"Reading account {sid}"):
            return _read_account(self._client.api.v2010.accounts(sid).fetch())


def _read_account(record: Any) -> LiveAccount:
    return LiveAccount(
        sid=record.sid,
        friendly_name=record.friendly_name or "",
        status=record.status or "",
        owner_account_sid=record.owner_account_sid or "",
        auth_token=record.auth_token or "",
        created=moment(record.date_created),
    )


def _as_wanted(account: LiveAccount, changes: Mapping[str, str]) -> LiveAccount | None:
    return account if all(getattr(account, field) == value for field, value in changes.items()) else None


def _format_changes(changes: Mapping[str, str]) -> str:
    return ", ".join(f"{field} '{value}'" for field, value in changes.items())
