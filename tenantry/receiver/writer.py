"""The one thread that writes what was received: all that came while it wrote is the next transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Thread

from tenantry.ledger.cap_events import NewCapEvent, insert_events, try_writing
from tenantry.ledger.connection import Ledger
from tenantry.ledger.error_events import ErrorEvent, insert_errors
from tenantry.ledger.errors import LedgerError, LedgerUnavailableError
from tenantry.receiver.turns import Turns

log = logging.getLogger(__name__)

MOST_WAITING = 2_000
BATCH = 500
SECONDS = 4.0
"""So long a request waits until it is durable: Event Streams gives 5 seconds."""
BUSY_MILLISECONDS = 3_000


class NotDurableError(Exception):
    """What was received could not be written in time; whoever sent it is to send it again."""


@dataclass(frozen=True)
class Received:
    """What one request holds: a trigger that fired, or errors; and who waits until it is written."""

    events: tuple[NewCapEvent, ...] = ()
    errors: tuple[ErrorEvent, ...] = ()
    count: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """How many of them were new, once they are written."""


class Writer:
    """Writes in groups; a request waits until its group was committed."""

    def __init__(self, open_ledger: Callable[[], Ledger], turns: Turns) -> None:
        self._open_ledger = open_ledger
        self._turns = turns
        self._queue: Queue[Received | None] = Queue(MOST_WAITING)
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

    async def write(self, received: Received) -> int:
        """Return how many were new, once all were committed; raises NotDurableError."""
        try:
            self._queue.put_nowait(received)
        except Full:
            raise NotDurableError("too many requests wait") from None
        try:
            async with asyncio.timeout(SECONDS):
                return await received.count
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

    def _write_group(self, group: Sequence[Received]) -> None:
        try:
            counts = self._commit(group)
        except LedgerUnavailableError as error:
            self._fail(group, error)
        except Exception as error:  # noqa: BLE001  # one request must not take the others down with it
            if len(group) == 1:
                self._fail(group, error)
                return
            for item in group:
                self._write_group([item])
        else:
            if self.problem is not None:
                log.info("What is received is written again.")
            self.problem = None
            _settle([(item, count) for item, count in zip(group, counts, strict=True)])

    def _commit(self, group: Sequence[Received]) -> list[int]:
        ledger = self._ledger = self._ledger or _prepare(self._open_ledger())
        with self._turns.answering(ledger), ledger.writing():
            is_empty = not any(item.events or item.errors for item in group)
            if is_empty:
                try_writing(ledger)
            events = insert_events(ledger, [event for item in group for event in item.events])
            errors = insert_errors(ledger, [error for item in group for error in item.errors])
        if is_empty:
            self._close()  # it was only tried, and a file that is open goes on being written after it was moved away
        return [_count_new(item, events, errors) for item in group]

    def _fail(self, group: Sequence[Received], error: Exception) -> None:
        if self.problem is None:
            log.error("What was received can't be written: %s", error)
        self.problem = str(error) if isinstance(error, LedgerError) else type(error).__name__
        self._close()
        _settle([(item, NotDurableError(self.problem)) for item in group])

    def _close(self) -> None:
        if self._ledger is not None:
            with suppress(Exception):
                self._ledger.close()
            self._ledger = None


def _prepare(ledger: Ledger) -> Ledger:
    """Let a ledger wait no longer than a request can."""
    if ledger.dialect.name == "sqlite":
        ledger.rows(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    else:
        ledger.run(f"SET statement_timeout = {BUSY_MILLISECONDS}")
    return ledger


def _count_new(item: Received, events: set[str], errors: set[tuple[str, str]]) -> int:
    """Return how many of an item's rows were new; of two requests with the same, the first one's is."""
    count = 0
    for event in item.events:
        if event.identity in events:
            events.discard(event.identity)
            count += 1
    for error in item.errors:
        if (error.account_sid, error.identity) in errors:
            errors.discard((error.account_sid, error.identity))
            count += 1
    return count


def _settle(outcomes: Sequence[tuple[Received, int | Exception]]) -> None:
    """Let those who wait go on, in one call of their loop."""

    def settle() -> None:
        for item, outcome in outcomes:
            if item.count.done():  # the request did not wait any longer
                continue
            if isinstance(outcome, Exception):
                item.count.set_exception(outcome)
            else:
                item.count.set_result(outcome)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        outcomes[0][0].count.get_loop().call_soon_threadsafe(settle)
