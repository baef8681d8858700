"""What an ordered fault does to a request: the wire's side of `faketwilio.store.fault`."""

import asyncio
from datetime import timedelta
from http.client import responses
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from faketwilio.store.fault import Fault
from faketwilio.wire.errors import TwilioError, read_only, too_many_requests

DROP = "faketwilio.drop"  # ASGI extension: "now" ends the connection without an answer, "reset" resets it
PIECES = 20  # of a body that drips
PROXY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>proxy</body></html>"


async def fail(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the fault says, or not at all; the request is done before, after, or never."""
    match fault.act:
        case "truncate":
            await app(scope, receive, _Truncated(scope, receive, send))
        case "slow-body":
            await app(scope, receive, _Dripping(send, (fault.ms or 0) / 1000))
        case "clock-skew":
            await app(scope, receive, send)
        case _:
            await _fail_around(fault, app, scope, receive, send)


def skew(fault: Fault | None) -> timedelta:
    """How far the Date header of the answer is off."""
    return timedelta(seconds=fault.seconds or 0 if fault else 0)


async def refuse(scope: Scope, receive: Receive, send: Send, retry_after: int | None) -> None:
    """Twilio's 429, with nothing done."""
    await _drain(scope, receive)
    await _render(too_many_requests(), retry_after)(scope, receive, send)


async def refuse_write(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a request that would change something, with nothing done."""
    await _drain(scope, receive)
    await _render(read_only(), None)(scope, receive, send)


async def _fail_around(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.act == "latency" and not fault.is_after_commit:
        await asyncio.sleep((fault.ms or 0) / 1000)
        await app(scope, receive, send)
        return
    kept = _Kept()
    await (app(scope, receive, kept) if fault.is_after_commit else _drain(scope, receive))
    await asyncio.sleep((fault.ms or 0) / 1000)
    if fault.act in ("drop", "reset"):
        await _end(scope, receive, "now" if fault.act == "drop" else "reset")
    elif fault.act == "latency":
        await kept.send_to(send)
    else:
        await _build_response(fault)(scope, receive, send)


def _build_response(fault: Fault) -> Response:
    match fault.act:
        case "html":
            status = fault.status or 502
            return HTMLResponse(PROXY_PAGE.format(f"{status} {responses.get(status, 'Unknown')}"), status)
        case "429":
            return _render(too_many_requests(), fault.retry_after)
        case "503":
            return _render(TwilioError(503, 20500, "Service Unavailable"), fault.retry_after)
    error = TwilioError(fault.status or 500, fault.code or 20500, fault.message or "Internal Server Error")
    return _render(error, fault.retry_after)


def _render(error: TwilioError, retry_after: int | None) -> Response:
    headers = None if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(error.body(), error.status, headers=headers)


async def _drain(scope: Scope, receive: Receive) -> None:
    await Request(scope, receive).body()  # an unread body would end the connection under the answer


async def _end(scope: Scope, receive: Receive, how: str) -> None:
    end = scope.get("extensions", {}).get(DROP)
    if end is None:
        raise RuntimeError("only faketwilio.server can end a connection; run the fake with it")
    end[how]()
    while (await receive())["type"] != "http.disconnect":
        pass


class _Kept:
    """An answer that is held back, or that nobody gets."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)

    async def send_to(self, send: Send) -> None:
        for message in self._messages:
            await send(message)


class _Truncated:
    """Sends the first half of the body, then ends the connection; the headers promise all of it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send

    async def __call__(self, message: Message) -> None:
        body: bytes = message.get("body", b"")
        if not body:
            await self._send(message)
            return
        await self._send({**message, "body": body[: len(body) // 2], "more_body": True})
        await _end(self._scope, self._receive, "now")


class _Dripping:
    """Sends the body in pieces over so many seconds."""

    def __init__(self, send: Send, seconds: float) -> None:
        self._send = send
        self._seconds = seconds

    async def __call__(self, message: Message) -> None:
        body: bytes = message.get("body", b"")
        if not body:
            await self._send(message)
            return
        size = -(-len(body) // PIECES)
        for start in range(0, len(body), size):
            await asyncio.sleep(self._seconds / PIECES)
            piece: dict[str, Any] = {"body": body[start : start + size], "more_body": start + size < len(body)}
            await self._send({**message, **piece})
