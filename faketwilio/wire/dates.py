"""Filters by date: `DateSent`, `DateSent<` and `DateSent>`, each a day of GMT."""

from datetime import UTC, datetime, timedelta

from faketwilio.store.archive import Span
from faketwilio.wire.call import Call
from faketwilio.wire.errors import invalid

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def spans(call: Call, parameter: str, column: str, *, before_is_strict: bool = False) -> tuple[Span, ...]:
    """What the parameter and its two inequalities let through; raises 20001 for what is no date.

    `<` includes its day, on Calls it does not (Twilio's OpenAPI, descriptions); `>` includes it everywhere.
    """
    if call.store.behaviour.date_filters == "ignored":
        return ()
    on, before, after = (_period(call, parameter + sign) for sign in ("", "<", ">"))
    found = []
    if on:
        found.append(Span(column, on[0], on[1]))
    if before:
        found.append(Span(column, until=before[0] if before_is_strict else before[1]))
    if after:
        found.append(Span(column, since=after[0]))
    return tuple(found)


def _period(call: Call, name: str) -> tuple[int, int] | None:
    """The seconds of the day that a parameter names, or of the one second if times of day count."""
    text = call.params.get(name)
    if text is None or text == "":
        return None
    try:
        start = datetime.fromisoformat(text)
        start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
        length = SECOND
        if len(text) == len("2026-01-01") or call.store.behaviour.date_filters == "day":
            start, length = start.replace(hour=0, minute=0, second=0, microsecond=0), DAY
        return int(start.timestamp()), int((start + length).timestamp())
    except (ValueError, OverflowError) as error:
        raise invalid(name, text) from error
