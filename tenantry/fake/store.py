"""All state of the fake in one object: two stores are two Twilios."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from tenantry.fake.api.usage import UsageBook
from tenantry.fake.archives import Archives
from tenantry.fake.behaviour import Behaviour
from tenantry.fake.clock import Clock
from tenantry.fake.delivery.outbox import Disorder, Outbox
from tenantry.fake.delivery.routes import checked_routes
from tenantry.fake.events.catalogue import CATALOGUE
from tenantry.fake.faults import Fault
from tenantry.fake.journal import Journal
from tenantry.fake.records import (
    Account,
    Alert,
    ApiKey,
    AuditEvent,
    EventSink,
    EventSubscription,
    EventType,
    Incident,
    IncomingPhoneNumber,
    UsageTrigger,
)
from tenantry.fake.sids import Sids
from tenantry.fake.status.components import COMPONENTS, OPERATIONAL
from tenantry.fake.table import Table


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


class Store:
    """One Twilio: a parent account and whatever was made under it."""

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
        self._first_routes = checked_routes(routes or {})
        self.worker: Worker = Nobody()
        self.console_user_sid = self.request_sids.sid("US")
        self.reset()

    def __getstate__(self) -> dict[str, object]:
        """What `copy.deepcopy` copies: all but who serves it, for nobody serves the copy yet."""
        return {**vars(self), "worker": Nobody()}

    def reset(self) -> None:
        """Back to a fresh parent with the same SID and token; new objects get SIDs that were never used before."""
        self.behaviour = self._first_behaviour
        self.accounts: Table[Account] = Table()
        self.api_keys: Table[ApiKey] = Table()
        self.usage_triggers: Table[UsageTrigger] = Table()
        self.event_sinks: Table[EventSink] = Table()
        self.event_subscriptions: Table[EventSubscription] = Table()
        self.incoming_phone_numbers: Table[IncomingPhoneNumber] = Table()
        self.archives = Archives(self._archive_seeds.uuid())
        self.event_types: dict[str, EventType] = {known.type: known for known in CATALOGUE}
        self.usage = UsageBook()
        self.number_charges: dict[str, date] = {}
        self.evaluations: dict[str, datetime] = {}
        self.balance = Decimal("100.00")
        self.outbox = Outbox()
        self.routes = dict(self._first_routes)
        self.disorder = Disorder(seed=self.seed)
        self.alerts: Table[Alert] = Table()
        self.sink_errors: dict[str, int] = {}
        self.sink_notices: dict[str, datetime] = {}
        self.audit_events: Table[AuditEvent] = Table()
        self.incidents: list[Incident] = []
        self.components = dict.fromkeys(COMPONENTS, OPERATIONAL)
        self.faults: list[Fault] = []
        self.journal = Journal()
        now = self.clock.now()
        self.accounts.put(
            Account(self.parent_sid, self.parent_sid, "My first Twilio account", self._parent_token, now, now)
        )

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
