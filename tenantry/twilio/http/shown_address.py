"""Where calls for Twilio really go: to Twilio itself, to what stands in for it, or through a proxy.

Addresses are written as scheme, host and port: a proxy's URL may have a password in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tenantry.twilio.http.request import Request

URL = "TENANTRY_TWILIO_URL"
STARTED_AGAIN = (
    "a fake that was started again has forgotten everything and has other credentials, unless it runs with --state FILE"
)
_OF_A_FAKE = (
    "The last run of this stack went to the fake at {address}, and {parent} is its parent account; "
    f"{STARTED_AGAIN}. Set the three variables that that one prints; or, if it is gone, start again with another stack "
    "(`pulumi stack init`), or with this one after `pulumi stack rm --force`"
)


def address_from(environ: Mapping[str, str]) -> str | None:
    """Return the address that an environment puts in Twilio's place, as `http://127.0.0.1:8000`; None for Twilio."""
    return address_of(environ.get(URL, "").strip())


def address_of(url: str | None) -> str | None:
    """Return a base URL as an address that may be shown; None for no URL, which is Twilio itself."""
    if not url:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def place_of(request: Request) -> str:
    """Return who is called in words: `api.twilio.com`, or what is in its place or between us and it."""
    from requests.utils import get_environ_proxies, select_proxy

    if request.is_diverted:
        return f"{request.origin} in place of {request.host}"
    url = f"{request.origin}/"
    proxy = address_of(select_proxy(url, get_environ_proxies(url)))
    return f"{request.host} through the proxy {proxy}" if proxy else request.host


def next_step_of(request: Request) -> str | None:
    """Return what to do where there is no answer; None for Twilio itself, whose errors have their own next step."""
    if not request.is_diverted:
        return None
    return f"Check that {request.origin} is up, or unset {URL} to call Twilio itself; then run again."


def next_step_at(address: str) -> str:
    """Return what to do where Twilio's stand-in does not know our accounts."""
    return (
        f"Twilio is {address} here: {STARTED_AGAIN}. Take the three variables that it prints; if what the stack's "
        "state knows is gone, start again with another stack."
    )


def of_a_fake(parent: str, address: str) -> str:
    """Return what to do where a stack's parent account is that of a fake which is not there any more."""
    return _OF_A_FAKE.format(parent=parent, address=address)
