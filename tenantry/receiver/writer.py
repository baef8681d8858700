"""The one thread that writes what was received: all that came while it wrote is the next transaction."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Lock, Thread

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError, LedgerUnavailableError

log = logging.getLogger(__name__)

Write = Callable[[Ledger], int]
"""Writes in the transaction that is open, and returns how many rows were new."""
MOST_WAITING = 2_000
BATCH = 500
SECONDS = 4.0
"""So long a request waits until it is durable: Event Streams gives 5 seconds."""
BUSY_MILLISECONDS = 3_000

_Item = tuple[Write, "asyncio.Future[int]", asyncio.AbstractEventLoop]


class NotDurableError(Exception):
    """What was received could not be written in time; whoever sent it is to send it again."""


class Writer:
    """Writes in groups; a request waits until its group was committed."""

    def __init__(self, open_ledger: Callable[[], Ledger], turn: Lock) -> None:
        self._open_ledger = open_ledger
        self._turn = turn
        self._queue: Queue[_Item | None] = Queue(MOST_WAITING)
        self._ledger: Ledger | None = None
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self.problem: str | None = None
        """Why the last group was not written; None while all is well."""

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._queue.put(None)
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self._queue.qsize()

    async def write(self, write: Write) -> int:
        """Return once it was committed; raises NotDurableError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        try:
            self._queue.put_nowait((write, future, loop))
        except Full:
            raise NotDurableError("too many requests wait") from None
        try:
            return await asyncio.wait_for(future, SECONDS)
        except TimeoutError:
            raise NotDurableError("it took too long") from None

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            group, is_last = [item], False
            with suppress(Empty):
                while len(group) < BATCH:
                    following = self._queue.get_nowait()
                    if following is None:
                        is_last = True
                        break
                    group.append(following)
            self._write_group(group)
            if is_last:
                break
        self._close()

    def _write_group(self, group: list[_Item]) -> None:
        try:
            counts = self._commit([write for write, _, _ in group])
        except LedgerUnavailableError as error:
            self._fail(group, error)
        except Exception as error:  # noqa: BLE001  # one request must not take the others down with it
            if len(group) == 1:
                self._fail(group, error)
                return
            for item in group:
                self._write_group([item])
        else:
            self.problem = None
            for (_, future, loop), count in zip(group, counts, strict=True):
                _settle(loop, future, count)

    def _commit(self, writes: list[Write]) -> list[int]:
        if self._ledger is None:
            self._ledger = self._open_ledger()
            if self._ledger.dialect.name == "sqlite":
                self._ledger.rows(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            else:
                self._ledger.run(f"SET statement_timeout = {BUSY_MILLISECONDS}")
        with self._turn, self._ledger.writing():
            return [write(self._ledger) for write in writes]

    def _fail(self, group: list[_Item], error: Exception) -> None:
        if self.problem is None:
            log.error("What was received can't be written: %s", error)
        self.problem = str(error) if isinstance(error, LedgerError) else type(error).__name__
        self._close()
        for _, future, loop in group:
            _settle(loop, future, NotDurableError(self.problem))

    def _close(self) -> None:
        if self._ledger is not None:
            with suppress(Exception):
                self._ledger.close()
            self._ledger = None


def _settle(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[int]", result: int | Exception) -> None:
    def settle() -> None:
        if future.done():  # the request did not wait any longer
            return
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(settle)
