"""Why an account is suspended: a set of reasons. It is active only when the set is empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

SuspensionReason = Literal["twilio", "ending", "fraud", "nonpayment", "manifest", "cap"]
CAP: SuspensionReason = "cap"

KEPT_STATES = ("suspended", "closed")
"""What a manifest says of a tenant whose account it keeps suspended, whatever the ledger says."""


class Suspendable(Protocol):
    """What a suspension needs to know of a tenant."""

    @property
    def tenant(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def customer_key(self) -> str: ...

    @property
    def state(self) -> str | None: ...


_Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Suspended:
    """For how long one reason held: from an instant until before another; None is open."""

    reason: SuspensionReason
    since: datetime
    lifted_at: datetime | None = None


def suspended_days(spans: Iterable[Suspended], first_day: date, last_day: date) -> frozenset[date]:
    """Return the days of a period, both ends included, on which an account was suspended from 00:00 to 24:00 UTC.

    A day that a cap covers whole never counts, whatever else suspends it. Two reasons that follow each other without a
    gap are one suspension. An open one goes on for ever, so ask only for days that are over.
    """
    listed = tuple(spans)
    caps = _join_spans(span for span in listed if span.reason == CAP)
    uncapped = _join_spans(span for span in listed if span.reason != CAP)
    days = (first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1))
    return frozenset(day for day in days if _is_covered(uncapped, day) and not _is_covered(caps, day))


def _join_spans(spans: Iterable[Suspended]) -> list[_Span]:
    joined: list[_Span] = []
    for since, until in sorted(((span.since, span.lifted_at) for span in spans), key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or since <= joined[-1][1]):
            begin, end = joined[-1]
            joined[-1] = (begin, None if end is None or until is None else max(end, until))
        else:
            joined.append((since, until))
    return joined


def _is_covered(spans: Iterable[_Span], day: date) -> bool:
    begin = datetime.combine(day, time(), UTC)
    end = begin + timedelta(days=1)
    return any(since <= begin and (until is None or until >= end) for since, until in spans)
