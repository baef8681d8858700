"""Sending calls to Twilio: timeouts, where to, when to ask again, and what Twilio's clock says.

What may be sent again is decided by what may have happened. 429 was never processed, so every method is sent again.
GET and DELETE can't do harm twice, so they are sent again on trouble. A POST is never sent again unless it surely never
left: Twilio has no idempotency keys here, and a second POST is a second subaccount.

Nothing about one call is kept on the transport, which all threads share. The SDK's own client does that
(`_test_only_last_response`), has no timeout, and keeps cookies, which here would cross accounts.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.http import HttpClient
from twilio.http.response import Response

from tenantry.twilio.errors import (
    LostAnswer,
    ParentGone,
    TooManyRequests,
    TwilioError,
    Unreachable,
    failure_of_answer,
)
from tenantry.twilio.patience import Patience, http_date, retry_after
from tenantry.twilio.traffic import Counter, Traffic
from tenantry.twilio.trouble import never_sent, reason

POOL = 64
TROUBLE = frozenset({408, 500, 502, 503, 504})

_logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return our clock's time."""
    return datetime.now(UTC)


class Transport(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends the SDK's calls, for all threads and all accounts of a session."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        patience: Patience | None = None,
        may_send: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = utc_now,
        counter: Counter | None = None,
    ) -> None:
        super().__init__(_logger, is_async=False)
        self._base_url = base_url.rstrip("/") if base_url else None
        self._patience = patience or Patience()
        self._may_send = may_send
        self._clock = clock
        self._twilio_is_ahead = timedelta()
        self._counter = counter or Counter()
        self._session = _session(self._base_url)

    @property
    def traffic(self) -> Traffic:
        """What was sent up to now."""
        return self._counter.traffic

    def twilio_now(self) -> datetime:
        """Return the time on Twilio's clock, as of its last answer; our clock until there was one."""
        return self._clock() + self._twilio_is_ahead

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_: Any,
    ) -> Response:
        """Send a call, again where that is safe, and return Twilio's answer; 5xx and the like raise a TwilioError.

        The SDK's `timeout` and `allow_redirects` are passed over: ours hold for every call.
        """
        address, named = self._addressed(url, headers or {})
        prepared = requests.Request(method.upper(), address, dict(named), data=data, params=params, auth=auth)
        return _Call(self, self._patience, self._counter, prepared).answer()

    def send_once(self, call: requests.Request) -> Response:
        """Send a call one time; raises what `requests` raises."""
        if call.method == "POST" and not self._may_send():
            raise ParentGone("the process that we work for has ended")
        started = time.monotonic()
        with self._counter.request(_host(call)):
            answer = self._session.request(
                call.method or "GET",
                call.url or "",
                params=call.params,
                data=call.data,
                headers=call.headers,
                auth=call.auth,
                timeout=(self._patience.connect_timeout, self._patience.read_timeout),
                allow_redirects=False,
            )
        milliseconds = (time.monotonic() - started) * 1000
        _logger.debug("%s %s %s %.0f ms", call.method, urlsplit(call.url).path, answer.status_code, milliseconds)
        self._note_time(answer.headers.get("Date"))
        # Never .text: where an answer names no character set, it guesses one, for seconds in a list of 1,000 accounts.
        return Response(answer.status_code, answer.content.decode("utf-8", errors="replace"), answer.headers)

    def _note_time(self, date: str | None) -> None:
        now = http_date(date)
        if now is not None:
            self._twilio_is_ahead = now - self._clock()

    def _addressed(self, url: str, headers: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """Return where a call goes. Links to next pages come from answers, so their host is checked."""
        parts = urlsplit(url)
        if not _is_twilio(parts):
            raise Unreachable(f"the call would go to {parts.scheme}://{parts.hostname}, which is not Twilio's")
        if self._base_url is None:
            return url, headers
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._base_url}{parts.path}{query}", {**headers, "Host": parts.netloc}


class _Call:
    """One call of the SDK, which may be sent several times."""

    def __init__(self, transport: Transport, patience: Patience, counter: Counter, request: requests.Request) -> None:
        self._transport = transport
        self._patience = patience
        self._counter = counter
        self._request = request
        self._writes = request.method != "GET"
        self._began = patience.monotonic()
        self._throttled = 0
        self._troubled = 0
        self._may_have_happened = False

    def answer(self) -> Response:
        """Send until there is an answer that says something."""
        while True:
            try:
                response = self._transport.send_once(self._request)
            except requests.RequestException as error:
                self._after_no_answer(error)
                continue
            if response.status_code == 429:
                self._after_throttling(response)
            elif response.status_code in TROUBLE or not _is_from_twilio(response):
                self._after_trouble(response)
            else:
                return response

    def _after_throttling(self, response: Response) -> None:
        self._counter.throttled(_host(self._request))
        self._throttled += 1
        asked = retry_after(response.headers.get("Retry-After"), self._transport.twilio_now())
        wait = self._patience.wait_before(self._throttled, asked)
        spent = self._patience.monotonic() - self._began
        if self._throttled >= self._patience.throttled_tries or spent + wait > self._patience.throttled_seconds:
            told = failure_of_answer(429, response.text)
            asks = f", and asks to wait {asked:.0f} seconds" if asked else ""
            came_back = f"{told.came_back}{asks}, after {_tries(self._throttled)} in {spent:.0f} seconds"
            raise TooManyRequests(came_back, status=429, code=told.code)
        self._wait(wait)

    def _after_no_answer(self, error: requests.RequestException) -> None:
        sent = not never_sent(error)
        self._may_have_happened |= sent
        told = f"{'no answer from' if sent else 'no connection to'} {_host(self._request)}: {reason(error)}"
        self._again_or(LostAnswer(told) if self._writes and self._may_have_happened else Unreachable(told))

    def _after_trouble(self, response: Response) -> None:
        self._may_have_happened = True
        status, told = response.status_code, failure_of_answer(response.status_code, response.text)
        foreign = "" if _is_from_twilio(response) else ", with a body that is not Twilio's"
        kind = LostAnswer if self._writes else Unreachable
        self._again_or(kind(f"{told.came_back}{foreign}", status=status, code=told.code))

    def _again_or(self, failure: TwilioError) -> None:
        self._troubled += 1
        if self._request.method == "POST" or self._troubled >= self._patience.trouble_tries:
            _give_up(failure, self._troubled)
        self._wait(self._patience.wait_before(self._troubled, None))

    def _wait(self, seconds: float) -> None:
        self._counter.waits(_host(self._request), seconds)
        self._patience.sleep(seconds)


def _give_up(failure: TwilioError, tries: int) -> NoReturn:
    if tries > 1:
        failure.came_back += f", after {_tries(tries)}"
    raise failure from None  # what requests raised names whole URLs


def _host(request: requests.Request) -> str:
    """Return Twilio's host that a call is for, wherever it is sent."""
    return str(request.headers.get("Host") or urlsplit(request.url).hostname)


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"


def _is_twilio(parts: SplitResult) -> bool:
    return parts.scheme == "https" and (parts.hostname or "").endswith(".twilio.com") and parts.username is None


def _is_from_twilio(response: Response) -> bool:
    """Return whether Twilio wrote an answer, and wrote it to its end; a proxy's 404 must not say that a key is gone."""
    if response.status_code == 204:
        return True
    text = response.text.strip()
    return not 300 <= response.status_code < 400 and text.startswith("{") and text.endswith("}")


def _session(base_url: str | None) -> requests.Session:
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # A base URL of our own is a fake on this machine or network: a company's proxy must not come between.
    session.trust_env = base_url is None
    adapter = HTTPAdapter(pool_connections=POOL, pool_maxsize=POOL)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
