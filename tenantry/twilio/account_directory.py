"""The accounts that we have seen, with their auth tokens: in memory only, never in state, files or logs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from tenantry.twilio.errors import NotFound, TwilioError


@dataclass(frozen=True)
class LiveAccount:
    """An account in Twilio. `status` is active, suspended, closed, or what Twilio invents next."""

    sid: str
    friendly_name: str
    status: str
    owner_account_sid: str
    auth_token: str = field(repr=False, default="")
    """Empty where the session has an API key instead of the parent's Auth Token."""
    created: datetime | None = field(compare=False, default=None)
    """When Twilio made it, by its own clock."""

    @property
    def is_parent(self) -> bool:
        """Whether this is no subaccount: a parent account is its own owner."""
        return self.sid == self.owner_account_sid


class AccountDirectory:
    """Accounts by SID, for all threads. The first question loads the whole list, with one call per 1,000 accounts."""

    def __init__(self, *, load: Callable[[], tuple[LiveAccount, ...]], fetch: Callable[[str], LiveAccount]) -> None:
        self._load = load
        self._fetch = fetch
        self._accounts: dict[str, LiveAccount] = {}
        self._loaded = False
        self._failure: TwilioError | None = None
        self._lock = Lock()

    def get(self, sid: str) -> LiveAccount | None:
        """Return an account, as we last saw it; None if Twilio has no such account."""
        if sid not in self._accounts:
            self._load_once()
        return self._accounts.get(sid) or self.refresh(sid)

    def all(self) -> tuple[LiveAccount, ...]:
        """Return all subaccounts, as we last saw them."""
        self._load_once()
        return tuple(account for account in self._accounts.copy().values() if not account.is_parent)

    def reload(self) -> tuple[LiveAccount, ...]:
        """Ask Twilio for all subaccounts anew."""
        before = self._accounts.copy()
        loaded = self._load()
        for account in loaded:
            # The answer to a write in another thread, received while the list was on its way, is newer than the list.
            if self._accounts.get(account.sid) is before.get(account.sid):
                self._accounts[account.sid] = account
        self._loaded = True
        return loaded

    def refresh(self, sid: str) -> LiveAccount | None:
        """Ask Twilio for one account anew; None if it has no such account."""
        try:
            account = self._fetch(sid)
        except NotFound:
            self.forget(sid)
            return None
        self.remember(account)
        return account

    def remember(self, account: LiveAccount) -> None:
        """Keep what an answer of Twilio says about an account."""
        self._accounts[account.sid] = account

    def forget(self, sid: str) -> None:
        """Drop an account that Twilio no longer has."""
        self._accounts.pop(sid, None)

    def _load_once(self) -> None:
        """Load the list. After a failure on every try all callers fail without another: a large stack has thousands."""
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if not self._loaded:
                try:
                    self.reload()
                except TwilioError as failure:
                    self._failure = failure
                    raise
