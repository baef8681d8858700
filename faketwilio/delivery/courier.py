"""The one who delivers: in the server's loop, whenever something is due by the fake's clock.

aiohttp is imported with the first delivery: most fakes send nothing, and it is half of what a start would import.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from faketwilio.delivery.outbox import Disorder, Outbox
from faketwilio.delivery.records import Attempt, Delivery
from faketwilio.delivery.request import sign_request
from faketwilio.delivery.retry import after
from faketwilio.store.routes import target_of
from faketwilio.store.store import Store

if TYPE_CHECKING:
    from aiohttp import ClientSession

READ = 65_536  # bytes of an answer, of which nothing but its status matters


@dataclass(frozen=True)
class Duties:
    """What Twilio's hosts have to do with deliveries: they make them when it is time, and learn how they went."""

    make_due: Callable[[Store], None]
    next_due: Callable[[Store], datetime | None]
    is_gone: Callable[[Store, Delivery], bool]
    note_attempt: Callable[[Store, Delivery], None]


class Courier:
    """Works for one store: looks at triggers whose minute is over, then sends all that is due."""

    def __init__(self, store: Store, duties: Duties) -> None:
        self._store = store
        self._duties = duties
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
        """Return when all that is due was created; what is due later has a timer."""
        async with self._lock:
            self._duties.make_due(self._store)
            while due := self._store.part(Outbox).due(self._store.clock.now()):
                await self._deliver(self._store.part(Outbox), due)
                self._duties.make_due(self._store)
            self._set_timer()

    def next_work(self) -> datetime | None:
        """When something falls due, by the fake's clock."""
        moments = (self._store.part(Outbox).next_attempt(), self._duties.next_due(self._store))
        return min((moment for moment in moments if moment is not None), default=None)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        moment = self.next_work()
        if moment is not None:
            seconds = (moment - self._store.clock.now()).total_seconds()
            self._timer = asyncio.get_running_loop().call_later(max(seconds, 1.0), self.wake)

    async def _deliver(self, outbox: Outbox, due: list[str]) -> None:
        if self._store.part(Disorder).shuffled:
            self._store.part(Disorder).chance.shuffle(due)
        from aiohttp import ClientSession, DummyCookieJar

        # No proxy, no cookies: the connection goes where its route says or nowhere.
        async with ClientSession(cookie_jar=DummyCookieJar(), trust_env=False) as session:
            for sid in due:
                tried = await self._attempt(session, outbox.take(sid))
                if outbox is not self._store.part(Outbox):  # everything was reset meanwhile
                    return
                outbox.add(tried)
                if tried.events and tried.attempts:
                    self._duties.note_attempt(self._store, tried)

    async def _attempt(self, session: ClientSession, delivery: Delivery) -> Delivery:
        store, target = self._store, target_of(delivery.url, self._store.routes)
        disorder = store.part(Disorder)
        if self._duties.is_gone(store, delivery):
            return replace(delivery, state="dropped", next_attempt=None, reason="the sink is gone")
        if target is None:
            why = "its host is neither this machine nor mapped to it"
            return replace(delivery, state="unsent", next_attempt=None, reason=why)
        tried = after(delivery, await self._send(session, delivery, target), disorder.chance)
        if tried.state == "delivered" and tried.events and disorder.chance.random() < disorder.duplicates:
            again = await self._send(session, delivery, target)
            return replace(tried, attempts=(*tried.attempts, again))
        return tried

    async def _send(self, session: ClientSession, delivery: Delivery, target: str) -> Attempt:
        from aiohttp import ClientError, ClientTimeout
        from yarl import URL

        behaviour, now = self._store.behaviour, self._store.clock.now()
        seconds = behaviour.sink_timeout_seconds if delivery.events else behaviour.callback_timeout_seconds
        try:
            request = sign_request(delivery, self._store.accounts.get(delivery.account_sid))
            async with session.request(
                delivery.method,
                URL(target + request.added, encoded=True),
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                timeout=ClientTimeout(total=seconds),
            ) as response:
                await response.content.read(READ)
                return Attempt(now, response.status)
        except TimeoutError:
            return Attempt(now, None, f"no answer within {seconds:g} s")
        except (ClientError, OSError, ValueError) as error:
            return Attempt(now, None, f"{type(error).__name__}: {error}")
