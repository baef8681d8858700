"""Burn windows: how fast a budget is used up just now, after chapter 5 of Google's SRE workbook.

A long window says that it matters, a short one (a twelfth) that it still goes on. Rates say nothing where there is
little traffic, one failure of three is 33 percent, so a window burns by counts too: at least LEAST_BAD in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from tenantry.operations.health.facts import Outcome

LEAST_BAD = 5
"""So many failures have to be in a long window: fewer are told by counts and wake nobody."""
Severity = Literal["page", "ticket"]
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Window:
    """A window, and the share of the whole budget that may be used up in it."""

    severity: Severity
    long: timedelta
    short: timedelta
    share: Fraction

    def factor(self, days: int) -> Fraction:
        """Return how many times faster than evenly the budget is used up at that share: 14.4 for 1 h of 30 days."""
        return self.share * Fraction(timedelta(days=days) // _HOUR, self.long // _HOUR)


WINDOWS = (
    Window("page", timedelta(hours=1), timedelta(minutes=5), Fraction(2, 100)),
    Window("page", timedelta(hours=6), timedelta(minutes=30), Fraction(5, 100)),
    Window("ticket", timedelta(days=3), timedelta(hours=6), Fraction(10, 100)),
)


@dataclass(frozen=True)
class Burn:
    """One window of one objective."""

    window: Window
    total: int
    bad: int
    factor: Fraction | None
    """How many times faster than evenly the budget was used up in the long window; None without traffic."""
    threshold: Fraction
    burns: bool
    is_low: bool
    """Whether there is so little traffic that a rate says nothing."""
    is_over: bool = False
    """Whether the long window is too fast, and the short one not any more."""


def find_burns(
    events: Sequence[Outcome], now: datetime, allowed: Fraction, days: int, known_since: datetime
) -> tuple[Burn, ...]:
    """Return the windows of an objective that allows this share of failures over so many days.

    Windows that begin before what is known, or are longer than the objective's, are left out.
    """
    return tuple(
        _burn(window, events, now, allowed, days)
        for window in WINDOWS
        if now - window.long >= known_since and window.long <= timedelta(days=days)
    )


def _burn(window: Window, events: Sequence[Outcome], now: datetime, allowed: Fraction, days: int) -> Burn:
    total, bad = _count(events, now - window.long)
    short_total, short_bad = _count(events, now - window.short)
    threshold = window.factor(days)
    rate = Fraction(bad, total) / allowed if total else None
    short_rate = Fraction(short_bad, short_total) / allowed if short_total else Fraction(0)
    was_fast = rate is not None and rate >= threshold and bad >= LEAST_BAD
    return Burn(
        window=window,
        total=total,
        bad=bad,
        factor=rate,
        threshold=threshold,
        burns=was_fast and short_rate >= threshold,
        is_low=total * min(Fraction(1), threshold * allowed) < LEAST_BAD,
        is_over=was_fast and short_rate < threshold,
    )


def _count(events: Sequence[Outcome], since: datetime) -> tuple[int, int]:
    found = [event for event in events if event.at >= since]
    return sum(event.total for event in found), sum(event.bad for event in found)
