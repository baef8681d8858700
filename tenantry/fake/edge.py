"""What every request to Twilio passes: counting, concurrency, latency, ordered faults, Twilio's headers."""

import asyncio
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenantry.fake.auth import claimed_account
from tenantry.fake.errors import too_many_requests
from tenantry.fake.faults import Fault, take
from tenantry.fake.formats import http_date
from tenantry.fake.journal import SID, Visit
from tenantry.fake.store import Store

DROP = "tenantry.fake.drop"  # ASGI extension: closes the connection without an answer
SERVICE_UNAVAILABLE = {"code": 20500, "message": "Service Unavailable", "status": 503}


class Edge:
    """ASGI middleware around the hosts of one store."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        visit = Visit(
            scope["method"],
            headers.get("host", "").partition(":")[0].lower(),
            scope["path"],
            _counted_on(self._store, scope["path"], headers.get("authorization")),
        )
        journal = self._store.journal
        in_flight = journal.enter(visit)
        sender = _Sender(self._store, send, in_flight)
        try:
            if in_flight > self._store.behaviour.max_concurrent_requests:
                await _too_many(self._store.behaviour.retry_after_on_429)(scope, receive, sender)
            else:
                await self._pass(visit, scope, receive, sender)
        finally:
            journal.leave(visit, sender.status)

    async def _pass(self, visit: Visit, scope: Scope, receive: Receive, send: "_Sender") -> None:
        if self._store.latency_ms:
            await asyncio.sleep(self._store.latency_ms / 1000)
        fault = take(self._store.faults, visit, scope["query_string"].decode("latin-1"))
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.mode.endswith("after-commit"):
            await self._app(scope, receive, _swallow)
        await _fail(fault, scope, receive, send)


class _Sender:
    """Sends on, with Twilio's headers; remembers the status."""

    def __init__(self, store: Store, send: Send, in_flight: int) -> None:
        self._store = store
        self._send = send
        self._in_flight = in_flight
        self._started = time.perf_counter()
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["Twilio-Request-Id"] = self._store.request_sids.sid("RQ")
            headers["Twilio-Concurrent-Requests"] = str(self._in_flight)
            headers["Twilio-Request-Duration"] = f"{time.perf_counter() - self._started:.3f}"
            headers["X-Home-Region"] = "us1"
            headers["X-Shenanigans"] = "none"
            headers["Date"] = http_date(self._store.clock.now())
        await self._send(message)


def _counted_on(store: Store, path: str, authorization: str | None) -> str | None:
    in_path = SID.search(path) if store.behaviour.concurrency_is_counted_on == "path" else None
    if in_path is not None and in_path[0].startswith("AC"):
        return in_path[0]
    return claimed_account(store, authorization)


async def _fail(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.mode.startswith("drop"):
        await _drop(scope, receive)
    elif fault.mode == "429":
        await _too_many(fault.retry_after)(scope, receive, send)
    else:
        await JSONResponse(SERVICE_UNAVAILABLE, 503, headers=_retry_after(fault.retry_after))(scope, receive, send)


async def _drop(scope: Scope, receive: Receive) -> None:
    drop = scope.get("extensions", {}).get(DROP)
    if drop is None:
        raise RuntimeError("only tenantry.fake.server can drop a connection; run the fake with it")
    drop["now"]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _too_many(retry_after: int | None) -> JSONResponse:
    return JSONResponse(too_many_requests().body(), 429, headers=_retry_after(retry_after))


def _retry_after(seconds: int | None) -> dict[str, str] | None:
    return None if seconds is None else {"Retry-After": str(seconds)}


async def _swallow(message: Any) -> None:
    """The answer that nobody gets."""
