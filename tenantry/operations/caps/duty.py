"""What the receiver, the sweep and people who look after caps work with."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from tenantry.ledger.connection import Ledger
from tenantry.operations.errors import OperationError
from tenantry.operations.ledger.opening import Place, open_for_facts
from tenantry.twilio.credentials import leads_to_this_machine
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.retry_policy import QUICK
from tenantry.twilio.http.twilio_clock import describe_clock_difference, utc_now
from tenantry.twilio.session import Session


class ClockError(OperationError):
    """The ledger's clock and Twilio's differ: which period it is can't be known."""


class FakeTime:
    """The time of a fake Twilio on this machine, whose clock is moved: the ledger's clock follows it."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the fake's time, of its newest answer."""
        with self._lock:
            return utc_now() + self._ahead

    def follow(self, session: Session) -> None:
        """Take over the time of the newest answers."""
        ahead = session.clock_ahead()
        if ahead is not None:
            with self._lock:
                self._ahead = ahead


@dataclass(frozen=True)
class Duty:
    """A stack's ledger and its Twilio; both are opened anew for each thread."""

    place: Place
    parent: str
    fake_time: FakeTime | None = None
    """The fake's time, where Twilio is a fake on this machine."""
    clock: Callable[[], datetime] | None = field(default=None, repr=False)
    """For tests: what stands for the database's clock."""

    def open_ledger(self) -> Ledger:
        """Open the ledger; raises LedgerError."""
        clock = self.clock or (self.fake_time.now if self.fake_time else None)
        return open_for_facts(self.place, clock=clock)

    def open_session(self) -> Session:
        """Open Twilio with the environment's credentials; raises TwilioError."""
        session = Session.from_env(self.place.environ, retry_policy=QUICK)
        session.check_parent(self.parent)
        return session

    def agree_on_time(self, ledger: Ledger, session: Session) -> None:
        """Compare the ledger's clock with Twilio's, in one call; raises ClockError, TwilioError."""
        session.subaccounts.fetch(self.parent)
        if self.fake_time is not None:
            self.fake_time.follow(session)
        ahead = session.twilio_now() - ledger.now()
        if problem := describe_clock_difference(ahead):
            raise ClockError(
                f"Nothing was decided about caps: {problem}. Set the clock of the ledger's machine; what is received "
                "meanwhile is kept."
            )


def open_duty(place: Place, parent: str | None) -> Duty:
    """Return what there is to look after for a stack; raises CredentialsMissing, WrongParent."""
    session = Session.from_env(place.environ)
    session.check_parent(parent)
    if not leads_to_this_machine(place.environ):
        return Duty(place, session.parent_sid)
    fake_time = FakeTime()
    with suppress(TwilioError):  # a fake that does not answer is noticed by whoever asks it for more
        session.subaccounts.fetch(session.parent_sid)
        fake_time.follow(session)
    return Duty(place, session.parent_sid, fake_time)
