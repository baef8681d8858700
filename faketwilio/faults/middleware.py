"""What every request to Twilio passes: counting, concurrency, latency, ordered faults, Twilio's headers."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faketwilio.faults.failures import DROP, fail, refuse, refuse_write, skew
from faketwilio.store.fault import take
from faketwilio.store.request_log import SID, Visit
from faketwilio.store.store import Store
from faketwilio.wire.auth import claimed_account
from faketwilio.wire.formats import http_date

ALWAYS = (
    (b"Access-Control-Allow-Origin", b"*"),
    (
        b"Access-Control-Allow-Headers",
        b"Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, "
        b"Idempotency-Key",
    ),
    (b"Access-Control-Allow-Methods", b"GET, POST, DELETE, OPTIONS"),
    (b"Access-Control-Expose-Headers", b"ETag"),
    (b"Access-Control-Allow-Credentials", b"true"),
    (b"X-Powered-By", b"AT-5000"),
    (b"X-Shenanigans", b"none"),
    (b"X-Home-Region", b"us1"),
    (b"Strict-Transport-Security", b"max-age=31536000"),
)
"""What published logs of api.twilio.com show on each answer, 2020 to 2023."""


class Middleware:
    """ASGI middleware around the hosts of one store."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        claimed = _find_counted_account(self._store, scope["path"], headers.get("authorization"))
        visit = Visit(scope["method"], host_of(headers), scope["path"], claimed)
        behaviour = self._store.behaviour
        in_flight = self._store.request_log.enter(visit)
        sender = _Sender(self._store, send, visit, in_flight)
        scope = _log_before_drops(scope, sender)
        try:
            if in_flight > behaviour.max_concurrent_requests:
                await refuse(scope, receive, sender, behaviour.retry_after_on_429)
            else:
                await self._pass(visit, scope, receive, sender)
        finally:
            sender.leave()

    async def _pass(self, visit: Visit, scope: Scope, receive: Receive, send: "_Sender") -> None:
        receive = await receive_body(receive)
        if self._store.latency_ms:
            await asyncio.sleep(self._store.latency_ms / 1000)
        fault = take(self._store.faults, visit, scope["query_string"].decode("latin-1"))
        if self._store.behaviour.read_only and visit.method != "GET":
            await refuse_write(scope, receive, send)
        elif fault is None:
            await self._app(scope, receive, send)
        else:
            send.skew = skew(fault)
            await fail(fault, self._app, scope, receive, send)


class _Sender:
    """Sends on, with Twilio's headers, and logs the request before its client can read the end of the answer.

    A client that has its answer would else find its own request in flight, and miss it in the log.
    """

    def __init__(self, store: Store, send: Send, visit: Visit, in_flight: int) -> None:
        self._store = store
        self._send = send
        self._visit = visit
        self._in_flight = in_flight
        self._started = time.perf_counter()
        self.skew = timedelta()
        self._status: int | None = None
        self._has_left = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), *self._build_headers(), *ALWAYS]}
        elif not message.get("more_body"):
            self.leave()
        await self._send(message)

    def leave(self) -> None:
        """Log the request, once."""
        if not self._has_left:
            self._has_left = True
            self._store.request_log.leave(self._visit, self._status)

    def _build_headers(self) -> list[tuple[bytes, bytes]]:
        own = {
            "Date": http_date(self._store.clock.now() + self.skew),
            "Twilio-Concurrent-Requests": str(self._in_flight),
            "Twilio-Request-Id": self._store.request_sids.sid("RQ"),
            "Twilio-Request-Duration": f"{time.perf_counter() - self._started:.3f}",
            "X-API-Domain": self._visit.host,
        }
        return [(name.encode(), value.encode("latin-1")) for name, value in own.items()]


def _log_before_drops(scope: Scope, sender: _Sender) -> Scope:
    """Return a scope whose ways to end the connection log the request first, as an answer does."""

    def _leave_then(end: Callable[[], None]) -> Callable[[], None]:
        def _end() -> None:
            sender.leave()
            end()

        return _end

    extensions = scope.get("extensions", {})
    ends = {how: _leave_then(end) for how, end in extensions.get(DROP, {}).items()}
    return {**scope, "extensions": {**extensions, DROP: ends}} if ends else scope


async def receive_body(receive: Receive) -> Receive:
    """Take a request in whole before anything waits: Twilio does it even if whoever sent it is gone by then."""
    taken = deque([await receive()])
    while taken[-1].get("more_body"):
        taken.append(await receive())

    async def _repeat() -> Message:
        return taken.popleft() if taken else await receive()

    return _repeat


def host_of(headers: Headers) -> str:
    """The host that a request is for, without a port; names of hosts are in any case."""
    return headers.get("host", "").partition(":")[0].lower()


def _find_counted_account(store: Store, path: str, authorization: str | None) -> str | None:
    in_path = SID.search(path) if store.behaviour.concurrency_is_counted_on == "path" else None
    if in_path is not None and in_path[0].startswith("AC"):
        return in_path[0]
    return claimed_account(store, authorization)
