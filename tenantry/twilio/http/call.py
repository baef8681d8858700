"""One call of the SDK, which may be sent several times: when again, when to give up, and what to say then.

What may be sent again is decided by what may have happened. 429 was never processed, so every method is sent again.
GET and DELETE can't do harm twice, so they are sent again on trouble. A POST is not: Twilio has no idempotency keys
here, and a second POST is a second subaccount; its sender looks first whether it happened (lost_write.py).

The loop is ours because no library can carry it: tenacity's clock can't be passed in, and urllib3's Retry sleeps
while it holds a permit and can't tell a POST's 429 from its 503. With either only `while True` would be left.
"""

import math
from collections.abc import Callable
from typing import NoReturn

from tenantry.twilio.errors import (
    LostAnswer,
    TwilioError,
    Unreachable,
    read_failure,
)
from tenantry.twilio.http.answer import Answer
from tenantry.twilio.http.circuit_breaker import CircuitBreaker
from tenantry.twilio.http.limiter import Limiter, Permit
from tenantry.twilio.http.request import Request
from tenantry.twilio.http.retry_policy import RetryPolicy, retry_after
from tenantry.twilio.http.shown_address import next_step_of, place_of
from tenantry.twilio.http.traffic import Counter
from tenantry.twilio.http.trouble import NO_ANSWER, is_never_sent, reason
from tenantry.twilio.http.twilio_clock import TwilioClock

CONFLICTS = frozenset({20162, 20409})
"""Error codes of calls that Twilio did not do because of the state that a thing is in just now, such as another's
change of it, and which it says to send again later (www.twilio.com/docs/api/errors/20162 and 20409; the HTTP status is
not documented)."""


class Call:
    """One call, from its first try to its answer or its end; for one thread."""

    def __init__(
        self,
        request: Request,
        send: Callable[[Request], Answer],
        *,
        limiter: Limiter,
        retry_policy: RetryPolicy,
        counter: Counter,
        clock: TwilioClock,
        breaker: CircuitBreaker,
    ) -> None:
        self._request = request
        self._send = send
        self._limiter = limiter
        self._retry_policy = retry_policy
        self._counter = counter
        self._clock = clock
        self._breaker = breaker
        self._host = request.host
        self._began = retry_policy.monotonic()
        self._tries = 0
        self._throttled = 0
        self._troubled = 0
        self._waited = 0.0
        self._may_have_happened = False

    def answer(self) -> Answer:
        """Send until there is an answer that says something; raises a TwilioError where there is none."""
        while True:
            self._tries += 1
            try:
                with self._limiter.permit() as permit:
                    response = self._send(self._request)
                    _learn(self._limiter, permit, response)
            except NO_ANSWER as error:
                self._handle_no_answer(error)
                continue
            if response.status_code == 429:
                self._handle_throttling(response)
            elif _is_trouble(response.status_code) or not _is_from_twilio(response):
                self._handle_trouble(response)
            elif _is_conflict(response):
                self._handle_conflict(response)
            else:
                self._breaker.record_success(self._host)
                self._clock.note(response.headers.get("Date"))
                return response

    def _handle_throttling(self, response: Answer) -> None:
        self._counter.count_throttled(self._host)
        self._breaker.record_success(self._host)
        self._throttled += 1
        answer_failure = read_failure(429, response.text)
        failure = LostAnswer(answer_failure.came_back, status=429) if self._may_have_happened else answer_failure
        self._retry_or_raise(failure, self._throttled, math.inf, self._read_requested_wait(response))

    def _handle_conflict(self, response: Answer) -> None:
        self._breaker.record_success(self._host)
        self._troubled += 1
        failure = read_failure(response.status_code, response.text)
        self._retry_or_raise(
            failure, self._troubled, self._retry_policy.trouble_tries, self._read_requested_wait(response)
        )

    def _handle_no_answer(self, error: Exception) -> None:
        sent = not is_never_sent(error)
        self._may_have_happened |= sent and self._request.method != "GET"
        came_back = f"{'no answer from' if sent else 'no connection to'} {place_of(self._request)}: {reason(error)}"
        next_step = next_step_of(self._request)
        failure = LostAnswer(came_back) if self._may_have_happened else Unreachable(came_back, next_step=next_step)
        self._retry_after_trouble(
            failure, self._retry_policy.trouble_tries if sent else self._retry_policy.unconnected_tries, None
        )

    def _handle_trouble(self, response: Answer) -> None:
        self._may_have_happened |= self._request.method != "GET"
        answer_failure = read_failure(response.status_code, response.text)
        foreign = "" if _is_from_twilio(response) else ", with a body that is not Twilio's"
        kind = LostAnswer if self._may_have_happened else Unreachable
        failure = kind(f"{answer_failure.came_back}{foreign}", status=answer_failure.status, code=answer_failure.code)
        self._retry_after_trouble(failure, self._retry_policy.trouble_tries, self._read_requested_wait(response))

    def _retry_after_trouble(self, failure: TwilioError, most: int, asked: float | None) -> None:
        self._troubled += 1
        in_a_row = self._breaker.record_failure(self._host)
        if in_a_row:
            failure.came_back += f", as after the last {in_a_row} calls there"
        once = self._request.method == "POST" or in_a_row
        self._retry_or_raise(failure, self._troubled, 1 if once else most, asked)

    def _read_requested_wait(self, response: Answer) -> float | None:
        return retry_after(response.headers.get("Retry-After"), self._clock.now())

    def _retry_or_raise(self, failure: TwilioError, tries: int, most: float, asked: float | None) -> None:
        """Wait before the next try, or give up if there have been too many or the budget would be overdrawn."""
        wait = self._retry_policy.wait_before(tries, asked)
        spent = self._retry_policy.monotonic() - self._began
        if tries >= most or spent + wait > self._retry_policy.budget:
            self._give_up(failure, spent, asked)
        self._counter.count_wait(self._host, wait)
        self._waited += wait
        self._retry_policy.sleep(wait)

    def _give_up(self, failure: TwilioError, spent: float, asked: float | None) -> NoReturn:
        if asked:
            failure.came_back += f", and asks to wait {asked:.0f} seconds"
        if self._tries > 1:
            failure.came_back += (
                f", after {self._tries} tries in {spent:.0f} seconds, {self._waited:.0f} of them waiting"
            )
        failure.host, failure.asked = self._host, asked
        raise failure from None  # what requests raised names whole URLs


def _learn(limiter: Limiter, permit: Permit, response: Answer) -> None:
    """Tell the limiter what an answer says about the limit; an answer of a failing server says nothing."""
    concurrency = response.headers.get("Twilio-Concurrent-Requests", "")
    in_flight = int(concurrency) if concurrency.isascii() and concurrency.isdigit() and len(concurrency) < 10 else None
    if response.status_code == 429:
        limiter.record_throttled(permit, in_flight)
    elif response.status_code < 500:
        limiter.record_accepted(permit, in_flight)


def _is_trouble(status: int) -> bool:
    return status == 408 or (status >= 500 and status != 501)


def _is_conflict(response: Answer) -> bool:
    status = response.status_code
    return 400 <= status < 500 and read_failure(status, response.text).code in CONFLICTS


def _is_from_twilio(response: Answer) -> bool:
    """Return whether Twilio wrote an answer, and wrote it to its end; a proxy's 404 must not say that a key is gone."""
    if response.status_code == 204:
        return True
    return not 300 <= response.status_code < 400 and response.json_body is not None
