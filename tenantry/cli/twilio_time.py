"""What Twilio's clock says when a run begins: its mark is compared with dates of objects, and those are Twilio's."""

import os
from dataclasses import dataclass, field
from datetime import timedelta

from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class Compared:
    """The two clocks, and what it has cost to compare them."""

    ahead: timedelta | None = timedelta()
    """How far Twilio's is ahead of ours; None where it does not tell."""
    traffic: Traffic = field(default_factory=Traffic)


def compare_clocks() -> Compared:
    """Compare our clock with Twilio's, by one call; raises TwilioError."""
    session = Session.from_env(os.environ)
    session.subaccounts.fetch(session.parent_sid)
    return Compared(session.clock_ahead(), session.traffic)
