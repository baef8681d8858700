"""The one who delivers: in the server's loop, whenever something is due by the fake's clock."""

import asyncio
from dataclasses import replace
from datetime import datetime

import aiohttp
from yarl import URL

from tenantry.fake.api.firing import evaluate_due, next_evaluation
from tenantry.fake.delivery.outbox import Outbox
from tenantry.fake.delivery.request import signed
from tenantry.fake.delivery.retry import after
from tenantry.fake.delivery.routes import target_of
from tenantry.fake.monitor.sink_failure import note_attempt
from tenantry.fake.records import Attempt, Delivery
from tenantry.fake.store import Store

READ = 65_536  # bytes of an answer, of which nothing but its status matters


class Courier:
    """Works for one store: looks at triggers whose minute is over, then sends all that is due."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Begin to work, unless at work already; without a running loop nothing can be sent, and nothing is."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._task is None or self._task.done():
            self._task = loop.create_task(self.work())

    async def work(self) -> None:
        """Return when all that is due was attempted; what is due later has a timer."""
        async with self._lock:
            evaluate_due(self._store)
            while due := self._store.outbox.due(self._store.clock.now()):
                await self._deliver(self._store.outbox, due)
                evaluate_due(self._store)
            self._set_timer()

    def next_work(self) -> datetime | None:
        """When something falls due, by the fake's clock."""
        moments = (self._store.outbox.next_attempt(), next_evaluation(self._store))
        return min((moment for moment in moments if moment is not None), default=None)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        moment = self.next_work()
        if moment is not None:
            seconds = (moment - self._store.clock.now()).total_seconds()
            self._timer = asyncio.get_running_loop().call_later(max(seconds, 1.0), self.wake)

    async def _deliver(self, outbox: Outbox, due: list[str]) -> None:
        if self._store.disorder.shuffled:
            self._store.disorder.chance.shuffle(due)
        # No proxy, no cookies: the connection goes where its route says or nowhere.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False) as session:
            for sid in due:
                tried = await self._attempt(session, outbox.take(sid))
                if outbox is not self._store.outbox:  # everything was reset meanwhile
                    return
                outbox.add(tried)
                if tried.events and tried.attempts:
                    note_attempt(self._store, tried)

    async def _attempt(self, session: aiohttp.ClientSession, delivery: Delivery) -> Delivery:
        store, target = self._store, target_of(delivery.url, self._store.routes)
        if delivery.events and store.event_sinks.get(delivery.about) is None:
            return replace(delivery, state="dropped", next_attempt=None, reason="the sink is gone")
        if target is None:
            why = "its host is neither this machine nor mapped to it"
            return replace(delivery, state="unsent", next_attempt=None, reason=why)
        tried = after(delivery, await self._send(session, delivery, target), store.disorder.chance)
        if tried.state == "delivered" and tried.events and store.disorder.chance.random() < store.disorder.duplicates:
            again = await self._send(session, delivery, target)
            return replace(tried, attempts=(*tried.attempts, again))
        return tried

    async def _send(self, session: aiohttp.ClientSession, delivery: Delivery, target: str) -> Attempt:
        behaviour, now = self._store.behaviour, self._store.clock.now()
        seconds = behaviour.sink_timeout_seconds if delivery.events else behaviour.callback_timeout_seconds
        try:
            request = signed(delivery, self._store.accounts.get(delivery.account_sid))
            async with session.request(
                delivery.method,
                URL(target + request.added, encoded=True),
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as response:
                await response.content.read(READ)
                return Attempt(now, response.status)
        except TimeoutError:
            return Attempt(now, None, f"no answer within {seconds:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Attempt(now, None, f"{type(error).__name__}: {error}")
