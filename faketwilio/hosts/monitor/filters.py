"""What Monitor's lists have in common: dates that are given as days or as moments, and the 30 days they reach back."""

from datetime import UTC, datetime, time, timedelta

from faketwilio.hosts.api.usage.period import day_of
from faketwilio.wire.call import Call
from faketwilio.wire.errors import invalid

KEPT = timedelta(days=30)
LONGEST = 10_000  # results of one query: twilio.com/docs/usage/monitor-alert


def read_span(call: Call) -> tuple[datetime, datetime]:
    """The first and last moment that are asked for, within the 30 days; a day as an end is its last second."""
    now = call.store.clock.now()
    first, last = _read_moment(call, "StartDate", time.min), _read_moment(call, "EndDate", time(23, 59, 59))
    oldest = now - KEPT
    if first is not None and first.date() < oldest.date() and call.store.behaviour.old_monitor_queries == "refuse":
        raise invalid("StartDate", call.params.get("StartDate"))
    return max(first or oldest, oldest), last or now


def _read_moment(call: Call, name: str, at: time) -> datetime | None:
    text = call.params.get(name)
    if text is None or text == "":
        return None
    try:
        if len(text) == len("2027-01-31"):
            return datetime.combine(day_of(text), at, UTC)
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise invalid(name, text) from error
