"""Sending calls to Twilio: where to, with which timeouts, and within which concurrency limit.

Nothing about one call is kept on the transport, which all threads share. The SDK's own client does that
(`_test_only_last_response`), has no timeout, and keeps cookies, which here would cross accounts.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from threading import Lock
from typing import Any

from twilio.http import HttpClient
from urllib3 import BaseHTTPResponse, Retry, Timeout
from urllib3.util import parse_url
from urllib3.util.request import make_headers

from tenantry.telemetry.recorder import record_call
from tenantry.twilio.errors import LostAnswer, ParentGone
from tenantry.twilio.http.address import parse_twilio_address
from tenantry.twilio.http.answer import Answer
from tenantry.twilio.http.call import Call
from tenantry.twilio.http.circuit_breaker import CircuitBreaker
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.http.limiter import Limiter
from tenantry.twilio.http.pools import Pools
from tenantry.twilio.http.request import FORM, Request, write_credentials, write_form
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.http.traffic import Counter, Traffic
from tenantry.twilio.http.trouble import AnswerTooLong, AnswerTooSlow
from tenantry.twilio.http.twilio_clock import TwilioClock, utc_now

PIECE = 65536  # bytes of an answer that are read at a time
LONGEST_ANSWER = 32_000_000
"""Bytes of an answer, unpacked: 14 times a page of 1,000 accounts, the longest that we ask for (2.2 MB in the fake)."""

_ALWAYS = make_headers(keep_alive=True, accept_encoding=True)
_ONCE = Retry(total=False, redirect=False)
"""urllib3 sends a call one time: `Call` knows which may be sent again."""

_logger = logging.getLogger(__name__)


class Transport(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends the SDK's calls, for all threads and all accounts of a session."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        retry_policy: RetryPolicy | None = None,
        may_send: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = utc_now,
        counter: Counter | None = None,
    ) -> None:
        super().__init__(_logger, is_async=False)
        base = parse_url(base_url.rstrip("/")) if base_url else None
        self._base = base and (base._replace(auth=None, path=None, query=None, fragment=None).url, base.path or "")
        self._retry_policy = retry_policy or RetryPolicy()
        self._may_send = may_send
        self._clock = TwilioClock(clock)
        self._counter = counter or Counter()
        self._breaker = CircuitBreaker(after=THREADS * self._retry_policy.trouble_tries)
        self._timeout = Timeout(connect=self._retry_policy.connect_timeout, read=self._retry_policy.read_timeout)
        self._pools = Pools(base_url)
        self._limiters: dict[str, Limiter] = {}
        self._lock = Lock()

    @property
    def traffic(self) -> Traffic:
        """What was sent up to now."""
        return self._counter.traffic

    def note_taken(self, sid: str) -> None:
        """Note that an object which was there already is taken over."""
        self._counter.count_takeover(sid)

    def twilio_now(self) -> datetime:
        """Return the time on Twilio's clock, as its answers tell it; our clock until there was one."""
        return self._clock.now()

    def clock_ahead(self) -> timedelta | None:
        """Return how far Twilio's clock is ahead of ours; None before the first answer."""
        return self._clock.ahead

    def limiter(self, account_sid: str) -> Limiter:
        """Return the limiter of the account whose credentials a call has: Twilio's limit is per account."""
        with self._lock:
            return self._limiters.setdefault(account_sid, Limiter())

    def waiting(self) -> Callable[[LostAnswer], bool]:
        """Return a function that waits, ever longer, before a lost write is tried again; False beyond the budget."""
        retry_policy, began, times = self._retry_policy, self._retry_policy.monotonic(), count(1)

        def wait(lost: LostAnswer) -> bool:
            seconds = retry_policy.wait_before(next(times), lost.asked or retry_policy.first_wait)
            if retry_policy.monotonic() - began + seconds > retry_policy.budget:
                return False
            self._counter.count_wait(lost.host, seconds)
            retry_policy.sleep(seconds)
            return True

        return wait

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: Any,
    ) -> Answer:
        """Send a call, again where that is safe, and return Twilio's answer; 5xx and the like raise a TwilioError.

        The SDK's `timeout` and `allow_redirects` are passed over: ours hold for every call.
        """
        request = self._write(method.upper(), url, params or {}, data or {}, headers or {}, auth)
        return Call(
            request,
            self._send_once,
            limiter=self.limiter(auth[0] if auth else ""),
            retry_policy=self._retry_policy,
            counter=self._counter,
            clock=self._clock,
            breaker=self._breaker,
        ).answer()

    def _send_once(self, call: Request) -> Answer:
        """Send a call one time; raises one of `NO_ANSWER`, or ParentGone."""
        if call.method == "POST" and not self._may_send():
            raise ParentGone("the process that we work for has ended")
        started = time.monotonic()
        with record_call(call.host, call.method, call.path) as record_status, self._counter.request(call.host):
            status, body, headers = self._exchange(call)
            record_status(status)
        milliseconds = (time.monotonic() - started) * 1000
        _logger.debug("%s %s %s %.0f ms", call.method, call.path, status, milliseconds)
        # Never guessed: where an answer names no character set, that takes seconds in a list of 1,000 accounts.
        return Answer(status, body.decode("utf-8", errors="replace"), headers)

    def _exchange(self, call: Request) -> tuple[int, bytes, Mapping[str, str]]:
        deadline = self._retry_policy.monotonic() + self._retry_policy.answer_timeout
        answer = self._pools.get(call.origin).urlopen(
            call.method,
            call.target,
            body=call.body,
            headers=dict(call.headers),
            retries=_ONCE,
            redirect=False,
            assert_same_host=False,
            timeout=self._timeout,
            preload_content=False,
            decode_content=False,
        )
        try:
            return answer.status, self._read_body(answer, deadline), answer.headers
        finally:
            answer.close()  # the connection of a whole answer is back in its pool, and stays open

    def _read_body(self, answer: BaseHTTPResponse, deadline: float) -> bytes:
        """Read a body as it comes, in whatever pieces: a read of a certain size would wait for all of it."""
        body = bytearray()
        while piece := answer.read1(PIECE, decode_content=True):
            body += piece
            if len(body) > LONGEST_ANSWER:
                raise AnswerTooLong
            if self._retry_policy.monotonic() > deadline:
                raise AnswerTooSlow
        return bytes(body)

    def _write(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any],
        data: Mapping[str, Any],
        headers: Mapping[str, str],
        auth: tuple[str, str] | None,
    ) -> Request:
        """Return a call as it is sent. Links to next pages come from answers, so their host is checked."""
        parts = parse_twilio_address(url)
        query, body = write_form(params), write_form(data)
        target = f"{parts.request_uri}{'&' if parts.query else '?'}{query}" if query else parts.request_uri
        whole = {**_ALWAYS, **headers}
        if auth:
            whole["Authorization"] = write_credentials(auth)
        if body:
            whole.setdefault("Content-Type", FORM)
        host = str(parts.host)
        if self._base is None:
            return Request(method, host, f"https://{host}", target, whole, body or None)
        origin, prefix = self._base
        return Request(method, host, origin, f"{prefix}{target}", {**whole, "Host": host}, body or None)
