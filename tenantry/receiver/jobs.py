"""What a receiver does beside answering: threads that each do one job from the ledger, again and again."""

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from os import getpid
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

from tenantry.ledger.account_tasks import tasks_of
from tenantry.ledger.cap_events import EventStatus, count_events, has_waiting_events
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.leases import drop_lease, sweep_lease, take_lease
from tenantry.ledger.notices import Status, count_notices
from tenantry.operations.caps.accounts import follow_accounts
from tenantry.operations.caps.decide import decide_waiting
from tenantry.operations.caps.periods import end_periods, has_ended
from tenantry.operations.caps.sweep import sweep_caps
from tenantry.operations.error_events.keeping import forget_errors
from tenantry.operations.errors import OperationError
from tenantry.operations.notices.send import send_notices
from tenantry.receiver.metrics import Metrics
from tenantry.receiver.settings import ReceiverSettings
from tenantry.receiver.turns import Turns
from tenantry.text.counts import format_count
from tenantry.twilio.errors import TwilioError

log = logging.getLogger(__name__)

SWEEP = "sweep"
RETRY = 5.0
"""Seconds until a job that failed is tried again."""
AT_ONCE = 10
"""Events that are decided in one transaction, for which those who answer wait."""
FORGET = 3_600.0
"""Seconds until it is asked again which error events are too old."""
AGREED = 30.0
"""Seconds for which a comparison of clocks holds."""
_STATUSES: tuple[EventStatus, ...] = ("waiting", "awaiting", "holding")
_NOTICES: tuple[Status, ...] = ("waiting", "dead")


@dataclass
class Jobs:
    """The jobs of one receiver: each has a thread, and a ledger of its own."""

    settings: ReceiverSettings
    metrics: Metrics
    turns: Turns = field(default_factory=Turns)
    holder: str = field(default_factory=lambda: f"{socket.gethostname()}:{getpid()}:{uuid4().hex[:8]}")
    _agreed_at: float = -1e9
    """When clocks were compared last."""
    _stopping: Event = field(default_factory=Event)
    _wakes: dict[str, Event] = field(default_factory=dict)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin all of them."""
        pause = self.settings.pause.total_seconds()
        self._begin("decide", self.decide, pause)
        self._begin("count", self.count, max(pause, 1.0))
        self._begin(SWEEP, self.sweep, min(self.settings.sweep_every.total_seconds(), 30.0))
        self._begin("forget", self.forget, FORGET)
        if not self.settings.shadow:
            self._begin("follow", self.follow, pause)
            self._begin("notify", self.notify, pause)

    def stop(self) -> None:
        """End all of them, each after what it is at."""
        self._stopping.set()
        for wake in self._wakes.values():
            wake.set()
        for thread in self._threads:
            thread.join()

    def wake(self, name: str) -> None:
        """Let a job begin now."""
        if name in self._wakes:
            self._wakes[name].set()

    def decide(self, ledger: Ledger) -> bool:
        """Decide about what fired, and end what is over; return whether there may be more at once."""
        duty, shadow = self.settings.duty, self.settings.shadow
        is_due = not shadow and has_ended(ledger, duty.parent)
        if not is_due and not has_waiting_events(ledger, duty.parent, shadow=shadow):
            return False
        if monotonic() - self._agreed_at > AGREED:
            duty.agree_on_time(ledger, duty.open_session())
            self._agreed_at = monotonic()
        with self.turns.deciding(ledger, self._stopping):
            decided = decide_waiting(ledger, duty.parent, shadow=shadow, limit=AT_ONCE)
        if not shadow:
            end_periods(ledger, duty.parent)
        if decided:
            log.info("Decided about %s of usage triggers.", format_count(decided, "event"))
        self.wake("follow")
        self.wake("notify")
        return decided > 0

    def follow(self, ledger: Ledger) -> bool:
        """Bring accounts to what the ledger says."""
        duty = self.settings.duty
        if not tasks_of(ledger, duty.parent):
            return False
        followed = follow_accounts(ledger, duty.open_session(), duty.parent)
        for tenant, problem in followed.failed:
            log.warning("The account of %s does not follow the ledger yet: %s", tenant, problem)
        if followed.done:
            log.info("%s suspended or resumed, as the ledger says.", format_count(followed.done, "account"))
        return followed.done > 0

    def notify(self, ledger: Ledger) -> bool:
        """Send the notices that are due."""
        duty, target = self.settings.duty, self.settings.target
        if target is None:
            return False
        return send_notices(ledger, duty.parent, target).sent > 0

    def sweep(self, ledger: Ledger) -> bool:
        """Sweep where nobody did for a while; the lease says who."""
        duty, every = self.settings.duty, self.settings.sweep_every
        name = sweep_lease(duty.parent, shadow=self.settings.shadow)
        holder = f"{self.holder}:{monotonic()}"  # another one each time: one's own sweep has to be over for a while too
        if not take_lease(ledger, name, holder, every):
            return False
        try:
            session = duty.open_session()
            duty.agree_on_time(ledger, session)
            swept = sweep_caps(ledger, session, duty.parent, shadow=self.settings.shadow)
        except BaseException:
            with suppress(LedgerError):
                drop_lease(ledger, name, holder)
            raise
        for tenant, problem in swept.failed:
            log.warning("The triggers of %s could not be read: %s", tenant, problem)
        log.info(
            "Swept %s in %s to Twilio; %d had fired unnoticed.",
            *(format_count(swept.tenants, "tenant"), format_count(swept.calls, "request"), swept.found),
        )
        self.metrics.last_sweep.set(datetime.now().astimezone().timestamp())
        self.wake("decide")
        self.wake("follow")
        return False

    def forget(self, ledger: Ledger) -> bool:
        """Delete error events that are kept no longer."""
        with self.turns.deciding(ledger, self._stopping):
            deleted = forget_errors(ledger, self.settings.duty.parent, self.settings.keep_errors)
        return deleted > 0

    def count(self, ledger: Ledger) -> bool:
        """Bring the figures for Prometheus up to date."""
        parent = self.settings.duty.parent
        for status in _STATUSES:
            self.metrics.events.labels(status).set(count_events(ledger, parent, status))
        for kind in _NOTICES:
            self.metrics.notices.labels(kind).set(count_notices(ledger, parent, kind))
        self.metrics.accounts.set(len(tasks_of(ledger, parent)))
        return False

    def _begin(self, name: str, job: Callable[[Ledger], bool], pause: float) -> None:
        self._wakes[name] = Event()
        thread = Thread(target=self._repeat, args=(name, job, pause), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _repeat(self, name: str, job: Callable[[Ledger], bool], pause: float) -> None:
        """Do a job until the receiver stops; what fails is tried again, with a new connection."""
        ledger: Ledger | None = None
        wake, last = self._wakes[name], ""
        while not self._stopping.is_set():
            wake.clear()
            try:
                ledger = ledger or self.settings.duty.open_ledger()
                has_more, last = job(ledger), ""
            except (LedgerError, TwilioError, OperationError) as error:
                has_more, last = False, self._note(name, str(error), last)
            except Exception as error:  # noqa: BLE001  # a thread that ends would do its job no more, unnoticed
                has_more, last = False, self._note(name, f"{type(error).__name__}: {error}", last)
            if last and ledger is not None:
                _close(ledger)
                ledger = None
            if not has_more and not self._stopping.is_set():
                wake.wait(RETRY if last else pause)
        if ledger is not None:
            _close(ledger)

    def _note(self, name: str, problem: str, last: str) -> str:
        """Count a failure, and log it once."""
        self.metrics.failures.labels(name).inc()
        if problem != last:
            log.error("%s: %s", name, problem)
        return problem


def _close(ledger: Ledger) -> None:
    with suppress(Exception):
        ledger.close()
