"""A sink does not take its events: an error 93101 is logged, at first at once and then every 20 minutes at most."""

from datetime import timedelta

from tenantry.fake.delivery.routes import without_credentials
from tenantry.fake.monitor.error_log import log_error
from tenantry.fake.records import Alert, Delivery
from tenantry.fake.store import Store

CODE = "93101"
EVERY = timedelta(minutes=20)


def note_failure(store: Store, delivery: Delivery) -> None:
    """Log that an attempt failed. The sink itself is not told, or one that is down would be told for ever."""
    now, attempt = store.clock.now(), delivery.attempts[-1]
    if any(
        (alert.error_code, alert.resource_sid) == (CODE, delivery.about) and alert.date_created > now - EVERY
        for alert in store.alerts.of(delivery.account_sid)
    ):
        return
    alert = Alert(
        sid=store.sids.sid("NO"),
        account_sid=delivery.account_sid,
        log_level="error",
        error_code=CODE,
        alert_text=f"Error delivering event to webhook: {attempt.status or attempt.error}",
        date_created=now,
        resource_sid=delivery.about,
        request_method=delivery.method,
        request_url=without_credentials(delivery.url),
    )
    log_error(store, alert, "error", "Event Streams", but_not=delivery.about)
