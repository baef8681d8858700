"""A sink does not take its events: an error is logged in its account.

Notices come at the first error, every 20 minutes, and at the 10th, 100th, 1,000th… error in a row
(twilio.com/docs/events/faq/at-least-once-delivery). That page names 93101 for every cause, the pages of the newer codes
(twilio.com/docs/api/errors/91300 to 91308) one a cause: a switch.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faketwilio.delivery.records import Attempt, Delivery
from faketwilio.hosts.monitor.error_log import log_error
from faketwilio.hosts.monitor.records import Alert
from faketwilio.store.routes import without_credentials
from faketwilio.store.store import Store

REFUSED, FAILED, UNANSWERED, OTHER = "91305", "91306", "91308", "91300"
EVERY = timedelta(minutes=20)


@dataclass
class SinkFailures:
    """By the sink's SID: how many errors there were in a row, and when the last notice was."""

    in_a_row: dict[str, int] = field(default_factory=dict)
    noticed: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def begin(cls, _: Store) -> "SinkFailures":
        return cls()


def note_attempt(store: Store, delivery: Delivery) -> None:
    """Count the errors in a row, and log the one for which a notice is due.

    The sink itself is not told: one that is down would cause errors for ever.
    """
    failures = store.part(SinkFailures)
    if delivery.state == "delivered":
        failures.in_a_row.pop(delivery.about, None)
        return
    errors = failures.in_a_row[delivery.about] = failures.in_a_row.get(delivery.about, 0) + 1
    if not (_is_round(errors) or _is_due(store, delivery)):
        return
    attempt = delivery.attempts[-1]
    alert = Alert(
        sid=store.sids.sid("NO"),
        account_sid=delivery.account_sid,
        log_level="error",
        error_code=_find_code(store, attempt),
        alert_text=f"Error delivering event to webhook: {attempt.status or attempt.error}",
        date_created=store.clock.now(),
        resource_sid=delivery.about,
        request_method=delivery.method,
        request_url=without_credentials(delivery.url),
    )
    failures.noticed[delivery.about] = alert.date_created
    log_error(store, alert, "error", "Event Streams", but_not=delivery.about)


def _is_round(errors: int) -> bool:
    """Whether a notice is due by the number of errors: 10, 100, 1,000…"""
    return errors >= 10 and str(errors).rstrip("0") == "1"


def _is_due(store: Store, delivery: Delivery) -> bool:
    last = store.part(SinkFailures).noticed.get(delivery.about)
    return last is None or last <= store.clock.now() - EVERY


def _find_code(store: Store, attempt: Attempt) -> str:
    if store.behaviour.sink_failure_code != "by-cause":
        return store.behaviour.sink_failure_code
    if attempt.status is None:
        return UNANSWERED
    return {4: REFUSED, 5: FAILED}.get(attempt.status // 100, OTHER)
