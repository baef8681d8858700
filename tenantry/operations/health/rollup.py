"""Days of messages, read before the messages are deleted: retention and offboarding ask for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import takewhile

from tenantry.ledger.health_days import HealthDay
from tenantry.operations.health.count import days_between, first_of_alerts, make_days, start_of, tally_messages
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session


def read_settled_days(
    session: Session, account_sid: str, first: date, last: date, must_stop: Callable[[], bool] = lambda: False
) -> tuple[HealthDay, ...]:
    """Return what came of the messages of these days, both included; raises TwilioError.

    Errors of days that Twilio's Debugger has no more are not known, nor are those of an account that is suspended.
    `must_stop` is asked at each message, for there may be many thousands.
    """
    since = start_of(first)
    messages = session.log_records.each_outcome(account_sid, since)
    tallies = tally_messages(takewhile(lambda _: not must_stop(), messages))
    alerts, alerts_since = None, max(since, first_of_alerts(session.twilio_now()))
    if start_of(last) >= alerts_since:
        with suppress(TwilioError):
            alerts = session.alerts.read_since(account_sid, alerts_since)
    return make_days(days_between(first, last), tallies, alerts, alerts_since)
