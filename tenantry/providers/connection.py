"""The one connection of this process: the session, and the memory of one operation.

All dynamic resources of a stack share one plugin process for each operation, so this is made once, at the first call
that needs Twilio. A preview without refresh never gets here and so needs no credentials.
"""

import os
import threading
from functools import cache

from tenantry.engine.run.lifeline import is_parent_gone
from tenantry.providers.creates import Creates
from tenantry.providers.lists import Lists
from tenantry.twilio.http.traffic import Counter
from tenantry.twilio.http.traffic_log import note_in
from tenantry.twilio.session import Session
from tenantry.twilio.subaccount import LiveAccount


class Connection:
    """The parent's session with the lists and the accounts of this run; safe to share between threads."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lists = Lists()
        self.creates = Creates()
        self._lock = threading.Lock()
        self._made: set[str] = set()
        self._taken: set[str] = set()
        self._adopted: set[str] = set()
        self._holders: dict[str, str] = {}
        self._missing: set[str] = set()
        self._accounts: tuple[LiveAccount, ...] | None = None

    def remember_made(self, account_sid: str) -> None:
        """Remember that this process made an account: it holds no object of an earlier run."""
        with self._lock:
            self._made.add(account_sid)

    def just_made(self, account_sid: str) -> bool:
        """Return whether this process made the account."""
        with self._lock:
            return account_sid in self._made

    def remember_taken(self, sid: str) -> None:
        """Remember that a create of this run took over an existing object."""
        with self._lock:
            self._taken.add(sid)
        self.session.note_taken(sid)

    def has_taken(self, sid: str) -> bool:
        """Return whether a create of this run took the object over."""
        with self._lock:
            return sid in self._taken

    def remember_adopted(self, account_sid: str) -> None:
        """Remember an account that was not ours, or whose contents are unknown: all its objects stay."""
        with self._lock:
            self._adopted.add(account_sid)

    def has_adopted(self, account_sid: str) -> bool:
        """Return whether this run began to manage an account that existed before."""
        with self._lock:
            return account_sid in self._adopted

    def holder(self, sid: str, name: str) -> str:
        """Return the resource that holds an object in this run: the first that asks, by its name."""
        with self._lock:
            return self._holders.setdefault(sid, name)

    def count_missing(self, account_sid: str) -> int:
        """Count an account that Twilio does not know; return how many there are in this run."""
        with self._lock:
            self._missing.add(account_sid)
            return len(self._missing)

    def accounts_before_creating(self) -> tuple[LiveAccount, ...]:
        """Return all subaccounts as they were when this process was first about to make one: one list a run."""
        with self._lock:
            if self._accounts is None:
                self._accounts = self.session.subaccounts.all()
            return self._accounts


@cache
def _open_connection() -> Connection:
    counter = Counter(note_in(os.environ))
    return Connection(Session.from_env(os.environ, may_send=lambda: not is_parent_gone(), counter=counter))


_first = threading.Lock()


def connect(*owner_account_sids: str | None) -> Connection:
    """Return this process's connection, if its credentials are those of the parent that a resource belongs to.

    An update names the parent twice: as it was saved and as it is wanted.
    Raises `CredentialsMissing` without credentials and `WrongParent` with another account's; both before any call.
    """
    with _first:
        connection = _open_connection()
    for owner_account_sid in owner_account_sids:
        connection.session.check_parent(owner_account_sid)
    return connection
