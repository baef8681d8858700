"""On which days of a suspension the fee does not run, where the terms say so."""

from collections.abc import Iterable
from datetime import date, datetime

from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.inputs import CAP, Suspension

_Spans = list[tuple[datetime, datetime | None]]


def free_days(suspensions: Iterable[Suspension], days: UsagePeriod) -> frozenset[date]:
    """Return the days that were suspended from 00:00 to 24:00 UTC, except those that a cap suspends whole."""
    listed = tuple(suspensions)
    if not listed:
        return frozenset()
    not_caps = _join(suspension for suspension in listed if suspension.reason != CAP)
    caps = _join(suspension for suspension in listed if suspension.reason == CAP)
    return frozenset(day for day in days.each_day() if _covers(not_caps, day) and not _covers(caps, day))


def _join(suspensions: Iterable[Suspension]) -> _Spans:
    """Return spans without overlaps: two reasons, one after the other, may cover a day together."""
    spans: _Spans = []
    for suspension in sorted(suspensions, key=lambda suspension: suspension.since):
        last = spans[-1] if spans else None
        if last is None or (last[1] is not None and suspension.since > last[1]):
            spans.append((suspension.since, suspension.until))
        elif last[1] is not None:
            until = None if suspension.until is None else max(last[1], suspension.until)
            spans[-1] = (last[0], until)
    return spans


def _covers(spans: _Spans, day: date) -> bool:
    whole = UsagePeriod(day, day)
    return any(since <= whole.begin and (until is None or whole.end <= until) for since, until in spans)
