"""Twilio's status page on the wire: one public JSON of a Statuspage, asked for without any credentials.

It is read with the standard library: `up` asks it beside its run, and saves the import of a client.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tenantry.twilio.errors import Unreachable
from tenantry.twilio.http.shown_address import URL as TWILIO_URL

if TYPE_CHECKING:
    from http.client import HTTPResponse

URL = "TENANTRY_STATUS_URL"
"""Names the base URL of a status page in place of Twilio's own, such as a mirror inside of a closed network."""
HOST = "status.twilio.com"
TWILIOS_OWN = f"https://{HOST}"
LONGEST = 8_000_000
"""Bytes of an answer at most."""
PIECE = 65_536
"""Bytes of it that are read at a time."""
PARTS = ("status", "components", "incidents", "scheduled_maintenances")
_WHAT = "Asking the status page"
_NEXT_STEP = f"Look at {TWILIOS_OWN} in a browser, or set {URL} to a page that can be reached from here."


@dataclass(frozen=True)
class StatusAddress:
    """Where a status page is; `host` names it where the base URL is that of a fake."""

    base: str
    host: str | None = None


def status_address(environ: Mapping[str, str]) -> StatusAddress:
    """Return where the status page is: what the environment names, the fake in Twilio's place, or Twilio's own.

    Raises Unreachable for a URL that is none.
    """
    fake, named = environ.get(TWILIO_URL, "").strip().rstrip("/"), environ.get(URL, "").strip().rstrip("/")
    base = named or fake or TWILIOS_OWN
    try:
        parts = urlsplit(base)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_url = False
    if not is_url:
        name = URL if named else TWILIO_URL
        raise Unreachable(
            f"{name} is not the base URL of a status page, such as {TWILIOS_OWN}",
            what=_WHAT,
            next_step=f"Correct {name}, or unset it.",
        )
    return StatusAddress(base, HOST if fake and base == fake else None)


def is_asked_in_passing(environ: Mapping[str, str]) -> bool:
    """Return whether commands with another purpose ask too: a fake's page is asked only where it is named."""
    return bool(environ.get(URL, "").strip()) or not environ.get(TWILIO_URL, "").strip()


def read_summary(
    address: StatusAddress, timeout: float = 5.0, monotonic: Callable[[], float] = time.monotonic
) -> dict[str, Any]:
    """Return the page's summary by one call; raises Unreachable where there is none within so many seconds."""
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    deadline = monotonic() + timeout
    url = f"{address.base}/api/v2/summary.json"
    headers = {"Accept": "application/json", "User-Agent": "tenantry"} | (
        {"Host": address.host} if address.host else {}
    )
    handlers = [urllib.request.ProxyHandler({})] if address.host else []
    try:
        request = urllib.request.Request(url, headers=headers)  # noqa: S310
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout) as answer:
            body = _read_body(answer, address, lambda: monotonic() > deadline)
    except HTTPException:
        raise _unreachable(address, "its answer is not HTTP, or broke off") from None
    except urllib.error.HTTPError as error:
        error.close()
        raise _unreachable(address, f"it answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise _unreachable(address, str(getattr(error, "reason", error)) or type(error).__name__) from None
    return _summary_in(body, address)


def _read_body(answer: HTTPResponse, address: StatusAddress, is_late: Callable[[], bool]) -> bytes:
    """Return the body as it comes: the timeout is about two of its bytes, and `is_late` is about all of them."""
    body = bytearray()
    while piece := answer.read1(PIECE):
        body += piece
        if len(body) > LONGEST:
            raise _unreachable(address, "its answer is too long")
        if is_late():
            raise _unreachable(address, "its answer came too slowly to its end")
    return bytes(body)


def _summary_in(body: bytes, address: StatusAddress) -> dict[str, Any]:
    try:
        summary = json.loads(body)
    except (ValueError, RecursionError):
        summary = None
    if not isinstance(summary, dict) or not all(part in summary for part in PARTS):
        raise _unreachable(address, "its answer is not the summary of a Statuspage")
    return summary


def _unreachable(address: StatusAddress, reason: str) -> Unreachable:
    return Unreachable(f"no answer from {address.base}: {reason}", what=_WHAT, next_step=_NEXT_STEP)
