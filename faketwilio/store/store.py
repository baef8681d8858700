"""All state of the fake in one object: two stores are two Twilios."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self, TypeVar, cast

from faketwilio.store.archive import Archive, Kind
from faketwilio.store.archive.archive import Contents
from faketwilio.store.behaviour import Behaviour
from faketwilio.store.clock import Clock
from faketwilio.store.fault import Fault
from faketwilio.store.records import Account, Owned
from faketwilio.store.request_log import RequestLog
from faketwilio.store.routes import check_routes
from faketwilio.store.sids import Sids
from faketwilio.store.table import Table

R = TypeVar("R", bound=Owned)


class Worker(Protocol):
    """Who looks at triggers and delivers; `work` returns when all that is due was attempted."""

    def wake(self) -> None: ...
    async def work(self) -> None: ...
    def next_work(self) -> datetime | None: ...


class Nobody:
    """The worker of a store that no application serves."""

    def wake(self) -> None:
        """There is no loop to work in."""

    async def work(self) -> None:
        """Nothing is sent."""

    def next_work(self) -> datetime | None:
        return None


class Part(Protocol):
    """What a host keeps besides records: made when it is first asked for, forgotten at a reset."""

    @classmethod
    def begin(cls, store: "Store") -> Self: ...


P = TypeVar("P", bound=Part)


class Store:
    """One Twilio: a parent account and whatever was made under it.

    Hosts keep their records in `table(TYPE)`, those of which there can be millions in `archive(KIND)`, and anything
    else in `part(TYPE)`.
    """

    def __init__(
        self,
        *,
        seed: int | None = None,
        behaviour: Behaviour | None = None,
        latency_ms: float = 0.0,
        clock: Clock | None = None,
        routes: Mapping[str, str] | None = None,
    ) -> None:
        self.seed = seed
        self.sids = Sids(seed)
        # Their own stream, or the number of requests would decide which SIDs objects get.
        self.request_sids = Sids(None if seed is None else f"requests of {seed}")
        self._archive_seeds = Sids(None if seed is None else f"archives of {seed}")
        self.clock = clock or Clock()
        self.latency_ms = latency_ms
        self.parent_sid = self.sids.sid("AC")
        self._parent_token = self.sids.auth_token()
        self._first_behaviour = behaviour or Behaviour()
        self._first_routes = check_routes(routes or {})
        self.worker: Worker = Nobody()
        self.console_user_sid = self.request_sids.sid("US")
        self.reset()

    def __getstate__(self) -> dict[str, object]:
        """What `copy` and `pickle` keep: all but who serves it, for nobody serves the copy yet."""
        contents = self._archive_contents | {name: archive.dump() for name, archive in self._archives.items()}
        return {**vars(self), "worker": Nobody(), "_archives": {}, "_archive_contents": contents}

    def reset(self) -> None:
        """Back to a fresh parent with the same SID and token; new objects get SIDs that were never used before."""
        self.behaviour = self._first_behaviour
        self.routes = dict(self._first_routes)
        self._tables: dict[type[Any], Table[Any]] = {}
        self._parts: dict[type[Any], Any] = {}
        self._archives: dict[str, Archive[Any]] = {}
        self._archive_contents: dict[str, Contents] = {}
        self._archive_seed = self._archive_seeds.uuid()
        self.faults: list[Fault] = []
        self.request_log = RequestLog()
        now = self.clock.now()
        self.accounts.put(
            Account(self.parent_sid, self.parent_sid, "My first Twilio account", self._parent_token, now, now)
        )

    def table(self, kind: type[R]) -> Table[R]:
        """The records of one type."""
        if kind not in self._tables:
            self._tables[kind] = Table()
        return self._tables[kind]

    def archive(self, kind: Kind[R]) -> Archive[R]:
        """The records of a kind of which there can be millions; the seed decides its SIDs."""
        if kind.name not in self._archives:
            archive = Archive(kind, Sids(f"{kind.name} of {self._archive_seed}"))
            if contents := self._archive_contents.pop(kind.name, None):
                archive.restore(contents)
            self._archives[kind.name] = archive
        return cast("Archive[R]", self._archives[kind.name])

    def part(self, kind: type[P]) -> P:
        """What a host keeps besides records."""
        if kind not in self._parts:
            self._parts[kind] = kind.begin(self)
        return cast("P", self._parts[kind])

    @property
    def accounts(self) -> Table[Account]:
        return self.table(Account)

    @property
    def parent(self) -> Account:
        account = self.accounts.get(self.parent_sid)
        if account is None:
            raise LookupError("the parent account was deleted behind the fake's back; POST /_fake/reset makes it anew")
        return account

    def account(self, sid: str) -> Account | None:
        """An account that Twilio still shows: closed ones vanish 30 days after they were closed."""
        account = self.accounts.get(sid)
        return None if account is None or self.is_gone(account) else account

    def accounts_of(self, owner_sid: str) -> list[Account]:
        """The owner and its subaccounts, newest first."""
        return [account for account in self.accounts.of(owner_sid) if not self.is_gone(account)]

    def is_gone(self, account: Account) -> bool:
        """Whether Twilio shows it no more, though it is stored."""
        if account.closed_at is None:
            return False
        return self.clock.now() >= account.closed_at + timedelta(days=self.behaviour.close_deletes_after_days)
