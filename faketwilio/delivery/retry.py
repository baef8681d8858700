"""What an answer means for a delivery: done, given up, or tried again at some later moment of the fake's clock."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from faketwilio.delivery.records import Attempt, Delivery

CALLBACK_RETRIES = 3  # quick ones, and only for 5xx: twilio.com/docs/usage/api/usage-trigger
FIRST_WAIT = 2.0  # seconds; the growth is Twilio's, the start is ours
LONGEST = timedelta(hours=4)  # in which Event Streams goes on trying: twilio.com/docs/events/faq/at-least-once-delivery
TOO_MANY = 429


def after(delivery: Delivery, attempt: Attempt, chance: Random) -> Delivery:
    """The delivery once that attempt was made."""
    tried = replace(delivery, attempts=(*delivery.attempts, attempt), next_attempt=None)
    if attempt.status is not None and 200 <= attempt.status < 300:
        return replace(tried, state="delivered")
    return _retry_event(tried, attempt, chance) if tried.events else _retry_callback(tried, attempt)


def _retry_callback(tried: Delivery, attempt: Attempt) -> Delivery:
    if attempt.status is None or attempt.status < 500:
        return replace(tried, state="failed", reason="only an answer of 5xx is tried again")
    if len(tried.attempts) > CALLBACK_RETRIES:
        return replace(tried, state="failed", reason=f"given up after {CALLBACK_RETRIES} retries")
    return replace(tried, next_attempt=attempt.at)


def _retry_event(tried: Delivery, attempt: Attempt, chance: Random) -> Delivery:
    if attempt.status is not None and attempt.status < 500 and attempt.status != TOO_MANY:
        return replace(tried, state="failed", reason="discarded: that status is not tried again")
    seconds = FIRST_WAIT * 2.0 ** (len(tried.attempts) - 1) * chance.uniform(1.0, 1.5)
    again = attempt.at + timedelta(seconds=round(seconds))
    if again > tried.created + LONGEST:
        return replace(tried, state="failed", reason="given up after four hours")
    return replace(tried, next_attempt=again)
