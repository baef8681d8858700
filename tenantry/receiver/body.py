"""Bodies of requests: no larger and no slower than Twilio's."""

import asyncio

from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 1_048_576


class BodyError(Exception):
    """A body that is not read to its end."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


async def read_body(request: Request, seconds: float) -> bytes:
    """Return the body of a request; raises BodyError where it is too large, too slow, or ends too early."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BodyError(413, "too large")
    try:
        async with asyncio.timeout(seconds):
            return await _read(request)
    except TimeoutError:
        raise BodyError(408, "too slow") from None
    except ClientDisconnect:
        raise BodyError(400, "cut off") from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BodyError(413, "too large")
    return bytes(body)
