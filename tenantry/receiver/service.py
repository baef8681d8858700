"""One receiver: what it has in memory, the thread that writes, and its jobs."""

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.standing import each_document, standing_version
from tenantry.receiver.fair_queue import FairQueue
from tenantry.receiver.index import Index, index_of
from tenantry.receiver.jobs import Jobs
from tenantry.receiver.metrics import Metrics
from tenantry.receiver.settings import ReceiverSettings
from tenantry.receiver.tokens import Tokens
from tenantry.receiver.writer import NotDurableError, Received, Writer
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.twilio_clock import utc_now

log = logging.getLogger(__name__)

SWITCH = 0.0005
NO_TENANTS = (
    "The ledger has no tenant of the parent account %s, so every request is answered 503. Run `tenantry up`, or "
    "`tenantry sync` after `pulumi up`, with the same `ledger` and parent account."
)
LOOK_AGAIN = 5.0
"""Seconds until the ledger is asked whether tenants stand otherwise, and tokens that could not be read are."""


class Service:
    """A receiver from its start to its end, in one event loop."""

    def __init__(self, settings: ReceiverSettings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.index = Index()
        self.tokens = Tokens(settings.duty.open_session)
        self.jobs = Jobs(settings, self.metrics)
        self.queue = FairQueue()
        self.writer = Writer(settings.duty.open_ledger, self.jobs.turns)
        self.is_stopping = False
        self._version: tuple[int, str | None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read what there is, and begin; what can't be read yet is tried again meanwhile."""
        # Threads that decide must not keep those that answer waiting: 5 ms, Python's own, is a quarter of our budget.
        sys.setswitchinterval(SWITCH)
        self.writer.start()
        if self.settings.runs_jobs:
            self.jobs.start()
        await asyncio.gather(self.look_again(), self._load_tokens())
        self._tasks = [asyncio.create_task(self._keep_looking())]

    async def stop(self) -> None:
        """End: what was accepted is written, and each job ends what it is at."""
        self.is_stopping = True
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(self.writer.stop)
        await asyncio.to_thread(self.jobs.stop)

    def time(self) -> datetime:
        """Return the time by our clock; of a fake on this machine, by the fake's."""
        duty = self.settings.duty
        clock = duty.clock or (duty.fake_time.now if duty.fake_time else utc_now)
        return clock()

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it can't do its work now, a word each."""
        found = {
            "stopping": self.is_stopping,
            "ledger": self.writer.problem is not None or self._version is None,
            "tokens": not self.tokens.is_loaded,
        }
        return tuple(name for name, holds in found.items() if holds)

    async def look_again(self) -> None:
        """Read how tenants stand, if it was written anew; and write nothing, at first and if the last write failed.

        Who is not ready gets no requests from Kubernetes, so no request would find out that the ledger is back. And
        who is ready before anything was written, on a ledger that it may only read, would answer each with 503.
        """
        if self.writer.problem is not None or self._version is None:
            with suppress(NotDurableError):
                await self.writer.write(Received())
        try:
            found = await asyncio.to_thread(self._read_standing)
        except LedgerError as error:
            self._version = None
            log.error("How tenants stand can't be read: %s", error)  # noqa: TRY400  # the sentence says it all
            return
        if found is not None:
            self._version, self.index = found
            self.metrics.tenants.set(len(self.index.by_account))
            if not self.index.by_account:
                log.warning(NO_TENANTS, self.settings.duty.parent)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self.look_again()
            if not self.tokens.is_loaded:
                await self._load_tokens()

    async def _load_tokens(self) -> None:
        try:
            await self.tokens.load()
        except TwilioError as error:
            log.error("Auth tokens can't be read, so nothing can be checked: %s", error)  # noqa: TRY400
        self.metrics.tokens.set(len(self.tokens))

    def _read_standing(self) -> tuple[tuple[int, str | None], Index] | None:
        with self.settings.duty.open_ledger() as ledger:
            return self._read_changed(ledger)

    def _read_changed(self, ledger: Ledger) -> tuple[tuple[int, str | None], Index] | None:
        version = standing_version(ledger, self.settings.duty.parent)
        if version == self._version:
            return None
        return version, index_of(each_document(ledger, self.settings.duty.parent))
