"""What Twilio's clock says when a run begins: its mark is compared with dates of objects, and those are Twilio's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tenantry.engine.run.command import Project
from tenantry.engine.run.focus import CLOSING_VARIABLE
from tenantry.engine.state.unfinished import ALLOWANCE
from tenantry.operations.errors import StoppedError
from tenantry.text.some import first_of
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.http.twilio_clock import clock_difference
from tenantry.twilio.session import Session

NAMED = 10
CLOCKS_DIFFER = (
    "{}, so nobody knows whether the day has come on which {} may be closed, which can't be undone. Nothing was begun. "
    "Set the clock right, then run again."
)


@dataclass(frozen=True)
class ClockComparison:
    """The two clocks, and what it has cost to compare them."""

    ahead: timedelta | None = timedelta()
    """How far Twilio's is ahead of ours; None where Twilio sends no time."""
    traffic: Traffic = field(default_factory=Traffic)


def compare_clocks(environ: Mapping[str, str]) -> ClockComparison:
    """Compare our clock with Twilio's, by one call; raises TwilioError."""
    session = Session.from_env(environ)
    session.subaccounts.fetch(session.parent_sid)
    return ClockComparison(session.clock_ahead(), session.traffic)


def refuse_to_close(project: Project, ahead: timedelta | None) -> None:
    """Raise StoppedError where accounts are to be closed and this machine's clock is not Twilio's."""
    closing = project.environ.get(CLOSING_VARIABLE)
    if closing and (differs := clock_difference(ahead, ALLOWANCE)) is not None:
        slugs = first_of(closing.split(","), NAMED)
        raise StoppedError(CLOCKS_DIFFER.format(f"{differs[0].upper()}{differs[1:]}", slugs))
