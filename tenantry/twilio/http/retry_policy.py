"""The retry policy: timeouts, waits, and how often a call is tried again."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache


@dataclass(frozen=True)
class RetryPolicy:
    """The limits of one call, which may be sent several times. All times are in seconds."""

    connect_timeout: float = 10
    read_timeout: float = 30
    """How long an answer may stall: the longest time between two of its bytes."""
    answer_timeout: float = 60
    """How long one try may take in all, which the other two timeouts do not limit: an answer can arrive by bytes."""
    budget: float = 180
    """No try begins later than this after the call began."""
    trouble_tries: int = 8
    """How often a GET or DELETE is sent at most on 5xx, lost connections and what is not Twilio's."""
    unconnected_tries: int = 4
    """The most tries while no connection can be made: a wrong address or network is not repaired in a minute."""
    first_wait: float = 0.5
    longest_wait: float = 20
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    monotonic: Callable[[], float] = time.monotonic

    def wait_before(self, again: int, retry_after: float | None) -> float:
        """Return the wait before asking again for the nth time: full jitter, on top of what Twilio asks for."""
        jitter = self.random() * min(self.longest_wait, self.first_wait * 2.0 ** (again - 1))
        return (retry_after or 0) + jitter


QUICK = RetryPolicy(budget=20, trouble_tries=3, unconnected_tries=2)
"""For what a plan can do without: nobody waits minutes for a Twilio that can't be reached."""


def retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, which is a number or a date; None if it says nothing."""
    if not header:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", header, re.ASCII):
        return float(header)
    when = format_http_date(header)
    return max(0.0, (when - now).total_seconds()) if when else None


@lru_cache(64)
def format_http_date(text: str | None) -> datetime | None:
    """Return the moment that a header names, or None if it is not one with a time zone."""
    try:
        when = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return when if when.tzinfo else None
